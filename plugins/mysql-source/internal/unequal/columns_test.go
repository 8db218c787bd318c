package unequal_test

import (
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
)

func TestDroppedColumns(t *testing.T) {
	t.Parallel()
	s := unequal.New([]string{"a"})
	state := apply(map[string][]byte{}, s.DropColumns(orders, []string{"V"}), s.DropColumns(orders, []string{"w", "v"}))
	again := unequal.New([]string{"a"})
	if err := again.LoadColumns(state); err != nil {
		t.Fatal(err)
	}
	for _, set := range []*unequal.Set{s, again} {
		if !set.DroppedColumn(orders, "v") || !set.DroppedColumn(orders, "W") || set.DroppedColumn(orders, "x") {
			t.Error("columns that were dropped are not told from others")
		}
	}
	if state = apply(state, again.ForgetColumns(orders)...); len(state) > 0 || again.DroppedColumn(orders, "v") {
		t.Errorf("nothing is left of the table, and the state has %v", state)
	}
	if changes := again.ForgetColumns(orders); changes != nil {
		t.Errorf("nothing was dropped, and the state changes by %v", changes)
	}
	if err := again.LoadColumns(map[string][]byte{"dropped/d.t": []byte("{")}); err == nil {
		t.Error("damaged state was read")
	}
}
