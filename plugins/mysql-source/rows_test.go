package main

import (
	"fmt"
	"testing"

	"github.com/leat-io/leat/sdk"
)

// rows is what a sink that keeps state would have: how often a row is there, as
// its table, text and bytes.
type rows map[string]int

func (r rows) keep(s *sdk.RowSchema, c *sdk.Change) {
	if c.Op == sdk.Truncate {
		for k := range r {
			delete(r, k)
		}
		return
	}
	if c.Before != nil {
		r.add(s, c.Before, -1)
	}
	if c.After != nil {
		r.add(s, c.After, 1)
	}
}

func (r rows) add(s *sdk.RowSchema, row []byte, n int) {
	k := fmt.Sprintf("%s %s %x", s.Table, show(s, row), row)
	if r[k] += n; r[k] == 0 {
		delete(r, k)
	}
}

func TestRows_keepsTheLastState(t *testing.T) {
	t.Parallel()
	s := &sdk.RowSchema{Table: "t", Columns: []sdk.Column{{Name: "id", Type: sdk.Int}}}
	r := rows{}
	r.keep(s, &sdk.Change{Op: sdk.Create, After: []byte{2}})
	r.keep(s, &sdk.Change{Op: sdk.Create, After: []byte{4}})
	r.keep(s, &sdk.Change{Op: sdk.Update, Before: []byte{2}, After: []byte{6}})
	r.keep(s, &sdk.Change{Op: sdk.Delete, Before: []byte{4}})
	if len(r) != 1 || r["t {3} 06"] != 1 {
		t.Errorf("got %v", r)
	}
}
