package row

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// Plan says how the rows of one table definition are encoded. It never
// changes, and may be used by many goroutines at once.
type Plan struct {
	table   *table.Table
	schema  *sdk.RowSchema
	columns []*column
	// source has, for each of the table's columns, its place among columns, -1
	// if it is left out.
	source []int
	list   string
}

// Row is one encoded row. Its buffers are reused by the next Decode or
// FromText into it, so copy what must outlive that.
type Row struct {
	// Value has the included columns in the order of the schema.
	Value []byte
	// Key has the key's columns in the order of the key, nil if there is no key.
	Key []byte
	// Past is set for a row of a versioned table that is not current.
	Past bool
	// ends of the columns within Value.
	ends []int
}

// Compile makes the plan of a definition. Columns for which include is false
// are left out unless they are part of the key; a nil include takes all. It
// fails for a column whose type or character set cannot be decoded exactly.
func Compile(t *table.Table, include func(column string) bool) (*Plan, error) {
	if t.ByTransaction() {
		return nil, fmt.Errorf("compile table %s: %w", t.ID(), table.ErrByTransaction)
	}
	p := &Plan{table: t, schema: &sdk.RowSchema{Database: t.Database, Table: t.Name}, source: make([]int, len(t.Columns))}
	for i := range t.Columns {
		tc := &t.Columns[i]
		p.source[i] = -1
		if !slices.Contains(t.Key, i) && include != nil && !include(tc.Name) {
			continue
		}
		c, sc, err := compileColumn(tc)
		if err != nil {
			return nil, fmt.Errorf("compile column %s of table %s: %w", tc.Name, t.ID(), err)
		}
		p.source[i] = len(p.columns)
		p.columns = append(p.columns, c)
		p.schema.Columns = append(p.schema.Columns, sc)
	}
	if err := p.compileKey(); err != nil {
		return nil, fmt.Errorf("compile key of table %s: %w", t.ID(), err)
	}
	p.list = selectList(p.columns)
	return p, nil
}

// compileKey refuses a nullable column, since a key's columns are encoded
// without a union.
func (p *Plan) compileKey() error {
	for _, i := range p.table.Key {
		if i < 0 || i >= len(p.table.Columns) {
			return fmt.Errorf("column %d of the key is not among the table's %d columns", i, len(p.table.Columns))
		}
		if c := &p.table.Columns[i]; c.Nullable {
			return fmt.Errorf("column %s is nullable; a key needs NOT NULL columns", c.Name)
		}
		p.schema.Key = append(p.schema.Key, p.source[i])
	}
	return nil
}

// Schema describes Row.Value and Row.Key. It is shared: do not change it.
func (p *Plan) Schema() *sdk.RowSchema { return p.schema }

// UnreadDefaults says which defaults the schema lacks because they cannot be
// read. Rows do not need them, so that they are no reason to stop.
func (p *Plan) UnreadDefaults() []error {
	var out []error
	for _, c := range p.columns {
		if c.unread != nil {
			out = append(out, fmt.Errorf("column %s of table %s: %w", c.name, p.table.ID(), c.unread))
		}
	}
	return out
}

// SelectList gives the expressions to select, one for each column of the
// schema and in its order, so that FromText can restore the exact values
// whatever the session's time zone and character set are.
func (p *Plan) SelectList() string { return p.list }

func selectList(columns []*column) string {
	var b strings.Builder
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, c.expr, "`"+strings.ReplaceAll(c.name, "`", "``")+"`")
	}
	return b.String()
}

// reset empties the row for the next one.
func (r *Row) reset() []byte {
	r.ends = r.ends[:0]
	return r.Value[:0]
}

// seal stores the encoded columns and assembles the key from them: a key's
// columns are encoded alike in the value, as they are never a union.
func (p *Plan) seal(out *Row, value []byte) {
	out.Value = value
	if len(p.schema.Key) == 0 {
		out.Key = nil
		return
	}
	key := out.Key[:0]
	for _, i := range p.schema.Key {
		start := 0
		if i > 0 {
			start = out.ends[i-1]
		}
		key = append(key, value[start:out.ends[i]]...)
	}
	out.Key = key
}
