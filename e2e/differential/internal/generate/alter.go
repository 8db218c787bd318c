package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// alter writes ALTER TABLE with one to three changes.
func (t *table) alter(r *rand.Rand, all []kind) string {
	var specs []string
	touched := map[*column]bool{}
	for range 1 + r.IntN(3) {
		if s := t.change(r, all, touched); s != "" {
			specs = append(specs, s)
		}
	}
	if len(specs) == 0 {
		return fmt.Sprintf("ALTER TABLE %s COMMENT = 'nothing'", t.name)
	}
	return fmt.Sprintf("ALTER TABLE %s %s", t.name, strings.Join(specs, ", "))
}

// change writes one change; a column that the statement touches already is left alone.
func (t *table) change(r *rand.Rand, all []kind, touched map[*column]bool) string {
	untouched := func(c *column) bool { return !touched[c] }
	alters := func(c *column) bool { return c.kind.alters && !touched[c] }
	switch r.IntN(7) {
	case 0, 1:
		c := t.newColumn(r, all)
		spec := "ADD COLUMN " + c.declare(r) + t.place(r, touched)
		t.columns = append(t.columns, c)
		touched[c] = true
		return spec
	case 2:
		if c := t.free(r, untouched); c != nil {
			t.remove(c)
			touched[c] = true
			return "DROP COLUMN " + c.name
		}
	case 3, 4:
		if c := t.free(r, alters); c != nil {
			return t.retype(r, all, c, touched)
		}
	case 5:
		if c := t.free(r, untouched); c != nil {
			t.next++
			old := c.name
			c.name = fmt.Sprintf("r%d", t.next)
			touched[c] = true
			return fmt.Sprintf("RENAME COLUMN %s TO %s", old, c.name)
		}
	case 6:
		if c := t.free(r, func(c *column) bool { return c.kind.defaults && !touched[c] }); c != nil {
			touched[c] = true
			return fmt.Sprintf("ALTER COLUMN %s %s", c.name, pick("SET DEFAULT "+c.kind.values(r), "DROP DEFAULT")(r))
		}
	}
	return ""
}

// retype writes MODIFY or CHANGE to another type.
func (t *table) retype(r *rand.Rand, all []kind, c *column, touched map[*column]bool) string {
	touched[c] = true
	for {
		if k := all[r.IntN(len(all))]; k.alters {
			c.kind = k
			break
		}
	}
	if r.IntN(2) == 0 {
		return "MODIFY " + c.declare(r) + t.place(r, touched)
	}
	old := c.name
	t.next++
	c.name = fmt.Sprintf("h%d", t.next)
	return "CHANGE COLUMN " + old + " " + c.declare(r) + t.place(r, touched)
}

// place writes where a column goes, behind none that the statement touches.
func (t *table) place(r *rand.Rand, touched map[*column]bool) string {
	switch r.IntN(4) {
	case 0:
		return " FIRST"
	case 1:
		c := t.columns[r.IntN(len(t.columns))]
		if !touched[c] {
			return " AFTER " + c.name
		}
	}
	return ""
}
