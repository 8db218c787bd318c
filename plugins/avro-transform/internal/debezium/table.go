package debezium

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/sdk"
)

// Version of Debezium that the schemas and the source block are those of.
const Version = "3.6.1.Final"

// ErrColumn is returned for a column that Debezium's default modes do not have.
var ErrColumn = errors.New("unsupported column")

// Table is what the schemas of a table are made from.
type Table struct {
	namespace string
	columns   []column
	key       []int
}

// NewTable prepares the schemas of a table whose records have the given
// namespace, and whose columns have the given names in Avro.
func NewTable(row *sdk.RowSchema, namespace string, fields []string) (*Table, error) {
	if len(fields) != len(row.Columns) {
		return nil, fmt.Errorf("%w: %d names for %d columns", ErrColumn, len(fields), len(row.Columns))
	}
	t := &Table{namespace: namespace, columns: make([]column, len(fields)), key: row.Key}
	for i := range row.Columns {
		c, err := newColumn(fields[i], &row.Columns[i])
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", row.Columns[i].Name, err)
		}
		t.columns[i] = c
	}
	for _, i := range row.Key {
		if i < 0 || i >= len(fields) {
			return nil, fmt.Errorf("%w: key has column %d of %d", ErrColumn, i, len(fields))
		}
	}
	return t, nil
}

// Key returns the schema of a record's key, nil if the table has none.
func (t *Table) Key() []byte {
	if len(t.key) == 0 {
		return nil
	}
	p := newPrinter()
	p.record("Key", t.namespace, func() {
		for _, i := range t.key {
			t.columns[i].print(p)
		}
	}, func() {
		p.property("connect.name", t.namespace+".Key")
	})
	return p.buf
}

// Envelope returns the schema of a record's value.
func (t *Table) Envelope() []byte {
	p := newPrinter()
	p.record("Envelope", t.namespace, func() {
		value := func() { t.value(p) }
		p.nullable(value, "before")
		p.nullable(value, "after")
		p.plain(func() { source(p) }, "source")
		p.nullable(func() { transaction(p) }, "transaction")
		p.plain(p.named("string"), "op")
		p.nullable(p.named("long"), "ts_ms", "ts_us", "ts_ns")
	}, func() {
		p.number("connect.version", 2)
		p.property("connect.name", t.namespace+".Envelope")
	})
	return p.buf
}

func (t *Table) value(p *printer) {
	p.record("Value", t.namespace, func() {
		for i := range t.columns {
			t.columns[i].print(p)
		}
	}, func() {
		p.property("connect.name", t.namespace+".Value")
	})
}
