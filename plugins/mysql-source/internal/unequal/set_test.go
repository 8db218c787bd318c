package unequal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
	"github.com/leat-io/leat/sdk"
)

var orders = table.Name{Database: "shop.eu", Table: "orders"} // a dot is no end of a name

func mark(n table.Name, reason string) unequal.Mark {
	return unequal.Mark{Table: n, Kind: "partition", Reason: reason, Statement: "ALTER …", At: "binlog.000001:4", Time: time.UnixMicro(5).UTC()}
}

// apply carries a change out on a checkpoint's state.
func apply(state map[string][]byte, changes ...sdk.StateChange) map[string][]byte {
	for _, c := range changes {
		if c.Value == nil {
			delete(state, c.Key)
		} else {
			state[c.Key] = c.Value
		}
	}
	return state
}

func TestMarksSurviveARestart(t *testing.T) {
	t.Parallel()
	s := unequal.New([]string{"a", "b"})
	lacking, change := s.Mark(2, mark(orders, "one"))
	if lacking != 2 {
		t.Errorf("first mark: for %b", lacking)
	}
	state := apply(map[string][]byte{"table/x": []byte("{}")}, change)
	lacking, change = s.Mark(3, mark(orders, "two"))
	if lacking != 1 { // b keeps its first reason
		t.Errorf("second mark: for %b", lacking)
	}
	other := apply(map[string][]byte{}, change)

	again := unequal.New([]string{"a", "b"})
	for i, st := range []map[string][]byte{other, state} {
		if err := again.Load(i, st); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(s.Notices()[0].Sinks, again.Notices()[0].Sinks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 1}, again.Counts()); diff != "" {
		t.Error(diff)
	}
	if !again.Marked(orders) || len(again.Within("shop.eu")) != 1 || len(again.Within("shop")) != 0 {
		t.Errorf("marked %t, within %v", again.Marked(orders), again.Within("shop.eu"))
	}
	if c := again.Clear(1, orders); len(c) != 1 || len(apply(other, c...)) != 0 {
		t.Errorf("cleared by %+v", c)
	}
	if c := again.Clear(1, orders); c != nil {
		t.Errorf("cleared twice: %+v", c)
	}
	if diff := cmp.Diff([]string{"b"}, again.Notices()[0].Sinks); diff != "" {
		t.Error(diff)
	}
	if err := again.Load(1, nil); err != nil || len(again.Notices()) != 0 { // after a new copy
		t.Errorf("%v, %v", err, again.Notices())
	}
}

func TestGoneSurvivesARestart(t *testing.T) {
	t.Parallel()
	s := unequal.New([]string{"a"})
	want := unequal.Gone{Table: orders, Renamed: true}
	state := apply(map[string][]byte{}, s.Leave(want))
	again := unequal.New([]string{"a"})
	if err := again.LoadGone(state); err != nil {
		t.Fatal(err)
	}
	if got, ok := again.Gone(orders); !ok || got != want {
		t.Errorf("got %+v, %t", got, ok)
	}
	if apply(state, again.Return(orders)); len(state) != 0 {
		t.Errorf("left %v", state)
	}
	if _, ok := again.Gone(orders); ok {
		t.Error("it is still gone")
	}
}

func TestDamagedState(t *testing.T) {
	t.Parallel()
	s := unequal.New([]string{"a"})
	for _, err := range []error{
		s.Load(0, map[string][]byte{"unequal/d.t": []byte("{")}), s.LoadGone(map[string][]byte{"gone/d.t": []byte("{")}),
	} {
		if err == nil || !strings.Contains(err.Error(), "/d.t") {
			t.Errorf("got %v", err)
		}
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	s := unequal.New([]string{"a"})
	s.Mark(1, mark(orders, "rows moved"))
	want := []sdk.Notice{{
		Subject: "table shop.eu.orders", Message: `not equal any more: rows moved, by "ALTER …" at binlog.000001:4`,
		Cure: unequal.Cure, Since: time.UnixMicro(5).UTC(), Sinks: []string{"a"},
	}}
	if diff := cmp.Diff(want, s.Notices()); diff != "" {
		t.Error(diff)
	}
	for i := range 150 {
		s.Mark(1, mark(table.Name{Database: "d", Table: fmt.Sprint(i)}, "r"))
	}
	if got := s.Notices(); len(got) != 101 || got[100].Subject != "51 more tables" {
		t.Errorf("%d notices, the last %+v", len(got), got[len(got)-1])
	}
}
