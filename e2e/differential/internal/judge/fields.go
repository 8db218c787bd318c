package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/avro"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// value compares the keys or the values of two records, whose key has a schema.
func (c *comparison) value(at Difference, part Part, d, l any, ds, ls, key *avro.Schema) {
	at.Part = part
	tree.Walk(d, l, func(path []string, a, b any, leaf bool) tree.Stop {
		column := columnOf(part, path)
		if column == "" && !leaf {
			return false
		}
		found := at
		found.Path, found.Column, found.Debezium, found.Leat = join(path), column, a, b
		if column != "" {
			found.DebeziumField, found.LeatField = fieldOf(ds, column), fieldOf(ls, column)
			found.InKey = fieldOf(key, column) != nil
		}
		c.report(found)
		return true
	})
}

// columnOf returns the column that a path of a key or of an envelope is; empty if it is none.
func columnOf(part Part, path []string) string {
	inRow := part == Key && len(path) == 1 ||
		part == Value && len(path) == 2 && (path[0] == "before" || path[0] == "after")
	if !inRow || path[len(path)-1] == "(order)" {
		return ""
	}
	return path[len(path)-1]
}

// fieldOf finds the field of a column in the schema of a key or of an envelope.
func fieldOf(s *avro.Schema, column string) any {
	if s == nil {
		return nil
	}
	row := s.JSON
	if name, _ := tree.Get(row, "name").(string); name == "Envelope" {
		row = rowOf(row)
	}
	fields, _ := tree.Get(row, "fields").([]any)
	for _, f := range fields {
		if name, _ := tree.Get(f, "name").(string); name == column {
			return f
		}
	}
	return nil
}

// rowOf finds the record Value in an Envelope: it is defined at before, in a union with null.
func rowOf(envelope any) any {
	fields, _ := tree.Get(envelope, "fields").([]any)
	for _, f := range fields {
		branches, _ := tree.Get(f, "type").([]any)
		for _, b := range branches {
			if name, _ := tree.Get(b, "name").(string); name == "Value" {
				return b
			}
		}
	}
	return nil
}

// schemas compares two schemas, once for each pair. The key is that of leat's record.
func (c *comparison) schemas(at Difference, part Part, d, l, key *avro.Schema) {
	if d == nil || l == nil || c.seen[[2]any{d, l}] {
		return
	}
	c.seen[[2]any{d, l}] = true
	at.Part = part
	tree.Walk(d.JSON, l.JSON, func(path []string, a, b any, leaf bool) tree.Stop {
		column := schemaColumn(part, path)
		if column == "" && !leaf {
			return false
		}
		found := at
		found.Path, found.Column, found.Debezium, found.Leat = join(path), column, a, b
		if column != "" {
			found.DebeziumField, found.LeatField = a, b
			found.InKey = fieldOf(key, column) != nil
		}
		c.report(found)
		return true
	})
}

// schemaColumn returns the column whose field a path of a schema is; empty if it is none.
func schemaColumn(part Part, path []string) string {
	row := []string{"fields"}
	if part == ValueSchema {
		row = []string{"fields", "before", "type", "Value", "fields"}
	}
	if len(path) != len(row)+1 || !slices.Equal(path[:len(row)], row) || path[len(row)] == "(order)" {
		return ""
	}
	return path[len(row)]
}

// versions compares the registered versions that no record has compared yet. Their number
// differs where one side has registered a schema that the other has not.
func (c *comparison) versions(part Part, d, l []*avro.Schema) {
	if len(d) != len(l) {
		c.report(Difference{Part: Versions, Path: string(part), Debezium: int64(len(d)), Leat: int64(len(l)), Rule: c.cause(part, d, l)})
		return
	}
	for i := range d {
		c.schemas(Difference{Record: fmt.Sprintf("version %d", i+1)}, part, d[i], l[i], nil)
	}
}

// cause returns the rule that explains why the number of versions differs, where each version is
// that of a record and all that differs in them is explained: what one side leaves out of a schema
// can make it the same as the one before. It is empty otherwise.
func (c *comparison) cause(part Part, d, l []*avro.Schema) string {
	used := map[any]bool{}
	for pair := range c.seen {
		used[pair[0]], used[pair[1]] = true, true
	}
	for _, s := range slices.Concat(d, l) {
		if !used[s] {
			return ""
		}
		delete(used, s) // a version that is there twice is of no use
	}
	rule := ""
	for _, f := range c.found {
		if f.Topic != c.topic || f.Part != part {
			continue
		}
		if f.Rule == "" {
			return ""
		}
		rule = f.Rule
	}
	return rule
}

func join(path []string) string { return strings.Join(path, ".") }
