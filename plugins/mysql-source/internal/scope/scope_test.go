package scope

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

func newFilter(t *testing.T, include, exclude filter.Patterns) *filter.Filter {
	t.Helper()
	f, err := filter.New(include, exclude)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// captured has the definitions of d.a and d.b, as a checkpoint would.
func captured(t *testing.T) *definitions.Set {
	t.Helper()
	defs := definitions.New(definitions.Defaults{}, func(table.Name) bool { return true })
	defs.PutDatabase("d", ddl.Database{})
	for _, name := range []string{"a", "b"} {
		def, err := ddl.ParseTable("d", "CREATE TABLE "+name+" (id INT NOT NULL PRIMARY KEY, v INT, w INT)", ddl.Mode{})
		if err != nil {
			t.Fatal(err)
		}
		defs.Put(def)
	}
	return defs
}

func TestCompare(t *testing.T) {
	t.Parallel()
	type p = filter.Patterns
	tables := []table.Name{{Database: "d", Table: "a"}, {Database: "d", Table: "b"}, {Database: "d", Table: "later"}, {Database: "other", Table: "t"}}
	tests := map[string]struct {
		old         *[2]p // nil: the state has none
		include     p
		exclude     p
		want        string
		notRecorded bool
	}{
		"OK the same":                  {&[2]p{{Tables: []string{`d\.a`}}}, p{Tables: []string{`d\.a`}}, p{}, "", false},
		"OK in other words":            {&[2]p{{Tables: []string{`d\.a`, `d\.b`}}}, p{Tables: []string{`d\.[ab]`}}, p{}, "", true},
		"OK narrowed":                  {&[2]p{}, p{Tables: []string{`d\.a`}}, p{}, "", true},
		"OK excluded":                  {&[2]p{}, p{}, p{Tables: []string{`d\.a`}}, "", true},
		"OK old state":                 {nil, p{Databases: []string{"d"}}, p{}, "", true},
		"include.tables widened":       {&[2]p{{Tables: []string{`d\.a`}}}, p{Tables: []string{`d\.[ab]`}}, p{}, "d.b", true},
		"exclude.tables narrowed":      {&[2]p{{Databases: []string{"d"}}, {Tables: []string{`d\.b`, `d\.later`}}}, p{Databases: []string{"d"}}, p{Tables: []string{`d\.later`}}, "d.b", true},
		"include.tables taken away":    {&[2]p{{Tables: []string{`d\.a`}}}, p{}, p{}, "d.b, d.later, other.t", true},
		"a database":                   {&[2]p{{Databases: []string{"d"}}}, p{Databases: []string{"d", "other"}}, p{}, "other.t", true},
		"a database, old state":        {nil, p{}, p{}, "other.t", true},
		"include.columns widened":      {&[2]p{{Columns: []string{`d\.a\.v`}}}, p{Columns: []string{`d\..*\.[vw]`}}, p{}, "d.a (columns w), d.b (columns v, w)", true},
		"exclude.columns taken away":   {&[2]p{{}, {Columns: []string{`d\.a\.w`, `d\.a\.id`}}}, p{}, p{}, "d.a (columns w)", true},
		"OK exclude.columns, narrower": {&[2]p{}, p{}, p{Columns: []string{`d\.a\.w`}}, "", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, now := map[string][]byte{}, newFilter(t, tt.include, tt.exclude)
			if tt.old != nil {
				change := State(newFilter(t, tt.old[0], tt.old[1]))
				state[change.Key] = change.Value
			}
			got, err := Compare(state, captured(t), now, tables)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, List(got)); diff != "" {
				t.Error(diff)
			}
			if Changed(state, now) != tt.notRecorded {
				t.Errorf("changed is %v", !tt.notRecorded)
			}
		})
	}
}

func TestCompare_damaged(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{", `{"include":{"tables":["("]}}`} {
		if _, err := Compare(map[string][]byte{key: []byte(text)}, captured(t), newFilter(t, filter.Patterns{}, filter.Patterns{}), nil); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	many := make([]Gain, 12)
	if got, want := List(many), ", and 2 more"; len(got) < len(want) || got[len(got)-len(want):] != want {
		t.Errorf("got %s", got)
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	type p = filter.Patterns
	tables := []table.Name{{Database: "d", Table: "a"}, {Database: "d", Table: "b"}}
	one := []byte{1}
	tests := map[string]struct {
		old   *p // nil: the state has none
		marks []string
		now   p
		want  []sdk.StateChange
	}{
		"OK the same":             {&p{}, nil, p{}, nil},
		"OK widened":              {&p{Tables: []string{`d\.a`}}, nil, p{}, nil},
		"OK no filter is known":   {nil, nil, p{Tables: []string{`d\.a`}}, nil},
		"left out":                {&p{}, nil, p{Tables: []string{`d\.a`}}, []sdk.StateChange{{Key: "left/d.b", Value: one}}},
		"OK left out before":      {&p{Tables: []string{`d\.a`}}, []string{"left/d.b"}, p{Tables: []string{`d\.a`, `x\.y`}}, nil},
		"captured again":          {&p{Tables: []string{`d\.a`}}, []string{"left/d.b"}, p{}, []sdk.StateChange{{Key: "left/d.b"}}},
		"dropped while left out":  {&p{Tables: []string{`d\.a`}}, []string{"left/d.c"}, p{}, []sdk.StateChange{{Key: "left/d.c"}}},
		"left out and back by it": {&p{Tables: []string{`d\.a`}}, []string{"left/d.b"}, p{Tables: []string{`d\.b`}}, []sdk.StateChange{{Key: "left/d.a", Value: one}, {Key: "left/d.b"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := map[string][]byte{}
			for _, k := range tt.marks {
				state[k] = one
			}
			if tt.old != nil {
				state[key] = State(newFilter(t, *tt.old, p{})).Value
			}
			got, err := Left(state, newFilter(t, tt.now, p{}), tables)
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
			gains, err := Compare(state, captured(t), newFilter(t, p{}, p{}), tables)
			for _, g := range gains {
				if g.Left != isLeft(state, g.Table) {
					t.Errorf("%s", g)
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := Left(map[string][]byte{key: []byte("{")}, newFilter(t, p{}, p{}), nil); err == nil {
		t.Error("a damaged filter was read")
	}
}
