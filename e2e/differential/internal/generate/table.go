package generate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// table is a table as it is believed to be: a statement that fails leaves belief and server apart,
// which costs later statements and proves nothing wrong.
type table struct {
	name    string
	columns []*column
	keyless bool
	next    int // for names of columns and ids of rows
}

// newTable makes a table with an id, which most keys consist of.
func newTable(r *rand.Rand, name string, all []kind) *table {
	id := kind{name: pick("INT", "BIGINT", "INT UNSIGNED"), values: pick("1")}
	t := &table{name: name, keyless: r.IntN(6) == 0}
	t.columns = []*column{{name: "id", kind: id, required: true, key: true}}
	for range 1 + r.IntN(6) {
		t.columns = append(t.columns, t.newColumn(r, all))
	}
	return t
}

func (t *table) newColumn(r *rand.Rand, all []kind) *column {
	t.next++
	return &column{name: fmt.Sprintf("c%d", t.next), kind: all[r.IntN(len(all))], required: r.IntN(3) == 0}
}

// create writes CREATE TABLE.
func (t *table) create(r *rand.Rand) string {
	var parts []string
	keys := []string{"id"}
	for _, c := range t.columns {
		if c.kind.keys && !t.keyless && r.IntN(4) == 0 {
			c.key, c.required = true, true
			keys = append(keys, c.name)
		}
		parts = append(parts, c.declare(r))
	}
	r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	if !t.keyless {
		parts = append(parts, "PRIMARY KEY ("+strings.Join(keys, ", ")+")")
	}
	return fmt.Sprintf("CREATE TABLE %s (%s)%s", t.name, strings.Join(parts, ", "), pick("", "", " CHARACTER SET latin1", " ENGINE=InnoDB COMMENT='t'")(r))
}

// free returns a column that is in no key; nil if there is none.
func (t *table) free(r *rand.Rand, wanted func(*column) bool) *column {
	var out []*column
	for _, c := range t.columns {
		if !c.key && wanted(c) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out[r.IntN(len(out))]
}

func (t *table) remove(c *column) {
	t.columns = slices.DeleteFunc(t.columns, func(other *column) bool { return other == c })
}

// insert writes rows with new ids.
func (t *table) insert(r *rand.Rand) string {
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	var rows []string
	for range 1 + r.IntN(3) {
		t.next++
		values := []string{strconv.Itoa(t.next)}
		for _, c := range t.columns[1:] {
			values = append(values, c.value(r))
		}
		rows = append(rows, "("+strings.Join(values, ", ")+")")
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", t.name, strings.Join(names, ", "), strings.Join(rows, ", "))
}

// update changes one column of some rows, at times the key.
func (t *table) update(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		t.next += 100
		return fmt.Sprintf("UPDATE %s SET id = id + %d ORDER BY id DESC LIMIT %d", t.name, t.next, 1+r.IntN(2))
	}
	c := t.free(r, func(*column) bool { return true })
	if c == nil {
		return t.insert(r)
	}
	return fmt.Sprintf("UPDATE %s SET %s = %s ORDER BY id LIMIT %d", t.name, c.name, c.value(r), 1+r.IntN(4))
}

func (t *table) remove1(r *rand.Rand) string {
	return fmt.Sprintf("DELETE FROM %s ORDER BY id LIMIT %d", t.name, 1+r.IntN(2))
}
