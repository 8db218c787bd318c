package tree

import (
	"slices"
	"strconv"
	"strings"
)

// Absent stands for a value that one of two trees does not have.
type Absent struct{}

// String is how it is shown.
func (Absent) String() string { return "(absent)" }

// Stop is an answer of a visitor of Walk.
type Stop bool

// Walk goes through two trees side by side and tells where they differ, by path, in order. The
// visitor sees every pair that is not equal, from the root on, and says whether to stop there
// (true) or to look into it (false); of leaves there is nothing to look into. An array of named
// objects, such as the fields of an Avro schema, is matched by name.
func Walk(a, b any, visit func(path []string, a, b any, leaf bool) Stop) {
	walk(nil, a, b, visit)
}

func walk(path []string, a, b any, visit func([]string, any, any, bool) Stop) {
	if Text(a) == Text(b) {
		return
	}
	oa, ob := members(a), members(b)
	if visit(path, a, b, oa == nil || ob == nil) || oa == nil || ob == nil {
		return
	}
	if !slices.Equal(common(oa, ob), common(ob, oa)) {
		visit(child(path, "(order)"), orderOf(oa), orderOf(ob), true)
	}
	for _, m := range oa {
		other, ok := find(ob, m.Name)
		if !ok {
			other = Absent{}
		}
		walk(child(path, m.Name), m.Value, other, visit)
	}
	for _, m := range ob {
		if _, ok := find(oa, m.Name); !ok {
			walk(child(path, m.Name), Absent{}, m.Value, visit)
		}
	}
}

// members sees an object, or an array of the same shape for both sides, as named members.
func members(v any) Object {
	switch v := v.(type) {
	case Object:
		return v
	case []any:
		out := make(Object, len(v))
		for i, item := range v {
			name, named := Get(item, "name").(string)
			if !named {
				name = strconv.Itoa(i)
			}
			out[i] = Member{Name: name, Value: item}
		}
		return out
	}
	return nil
}

func find(o Object, name string) (any, bool) {
	for _, m := range o {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

// common returns the names of a that b has too.
func common(a, b Object) []string {
	var out []string
	for _, m := range a {
		if _, ok := find(b, m.Name); ok {
			out = append(out, m.Name)
		}
	}
	return out
}

func orderOf(o Object) string { return strings.Join(o.Names(), ", ") }

func child(path []string, name string) []string { return append(slices.Clone(path), name) }
