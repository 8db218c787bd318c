package warehouse

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func changed(t *testing.T, kind, sequence string, r Row) Change {
	t.Helper()
	c, err := NewChange(kind, sequence, r)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFold(t *testing.T) {
	t.Parallel()
	up := func(seq string, k int64, v string) Change { return changed(t, Upsert, seq, Row{"k": k, "v": v}) }
	tests := map[string]struct {
		key     []string
		changes []Change
		want    []Row
	}{
		"rows without a key stay as they came": {
			nil,
			[]Change{changed(t, Insert, "", Row{"k": int64(2)}), changed(t, Insert, "", Row{"k": int64(1)})},
			[]Row{{"k": int64(2)}, {"k": int64(1)}},
		},
		"keys are not enforced on inserts": {
			[]string{"k"},
			[]Change{changed(t, Insert, "", Row{"k": int64(1)}), changed(t, Insert, "", Row{"k": int64(1)})},
			[]Row{{"k": int64(1)}, {"k": int64(1)}},
		},
		"an upsert replaces inserts of its key": {
			[]string{"k"},
			[]Change{changed(t, Insert, "", Row{"k": int64(1)}), changed(t, Insert, "", Row{"k": int64(2)}), up("", 1, "x")},
			[]Row{{"k": int64(1), "v": "x"}, {"k": int64(2)}},
		},
		"a change without sequence goes by arrival": {
			[]string{"k"}, []Change{up("9", 1, "a"), up("", 1, "b")}, []Row{{"k": int64(1), "v": "b"}},
		},
		"keys of several columns do not run together": {
			[]string{"k", "v"},
			[]Change{up("", 1, "1"), up("", 11, "")},
			[]Row{{"k": int64(1), "v": "1"}, {"k": int64(11), "v": ""}},
		},
		"order is by value": {
			[]string{"k"}, []Change{up("", 10, ""), up("", 9, "")}, []Row{{"k": int64(9), "v": ""}, {"k": int64(10), "v": ""}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFold(tt.key)
			for _, c := range tt.changes {
				f.add(c)
			}
			if diff := cmp.Diff(tt.want, f.rows()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// With distinct sequences the outcome does not depend on the order of arrival: what makes a replay harmless.
func TestFoldIsOrderFree(t *testing.T) {
	t.Parallel()
	var changes []Change
	for i, seq := range []string{"1/1", "1/2", "1/A", "2", "2/0/1", "F", "10"} {
		kind := Upsert
		if i%3 == 2 {
			kind = Delete
		}
		for k := range int64(3) {
			changes = append(changes, changed(t, kind, seq, Row{"k": k, "v": seq}))
		}
	}
	want := []Row{{"k": int64(0), "v": "10"}, {"k": int64(1), "v": "10"}, {"k": int64(2), "v": "10"}}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		r.Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
		f := newFold([]string{"k"})
		for _, c := range append(changes, changes[:5]...) {
			f.add(c)
		}
		if diff := cmp.Diff(want, f.rows()); diff != "" {
			t.Fatal(diff)
		}
	}
}
