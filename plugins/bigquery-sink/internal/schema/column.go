// Package schema maps Avro schemas to the columns of a BigQuery table.
//
// It decides names and types; it talks to no service and reads no values. Start
// reading at ParseEnvelope, then Fit.
package schema

import (
	"errors"
	"fmt"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
)

// maxNesting is how deep BigQuery nests a RECORD.
const maxNesting = 15

// Column says which field is written to which column.
type Column struct {
	// Name of the column, Field that of the Avro record's field.
	Name, Field string
	Form        Form
	// Type of the column. Where the table exists it is the table's.
	Type bigquery.FieldType
	// Avro type of a value, or of an element if Repeated, without the null of a union.
	Avro *avrotype.Type
	// Value is the index in the field's union that stands for a value, or avrotype.NotIndex.
	Value    int64
	Repeated bool
	// Key columns identify the row.
	Key bool
	// Columns of a RECORD.
	Columns []Column
}

// columnsOf maps the fields of a record.
func columnsOf(record *avrotype.Type, depth int) ([]Column, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("%v is nested more than %d deep, which BigQuery does not take", record, maxNesting)
	}
	fields := make([]string, len(record.Fields))
	for i, f := range record.Fields {
		fields[i] = f.Name
	}
	names, err := name.Columns(fields)
	if err != nil {
		return nil, err
	}
	columns := make([]Column, len(record.Fields))
	for i, f := range record.Fields {
		if columns[i], err = columnOf(names[i], f, depth); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

var errUnion = errors.New("is a union of more than null and one type")

func columnOf(column string, f avrotype.Field, depth int) (Column, error) {
	c := Column{Name: column, Field: f.Name}
	value, index, ok := f.Type.Optional()
	if !ok {
		return c, unmapped(f.Name, errUnion)
	}
	if c.Value = index; value.Kind == avrotype.Array {
		c.Repeated = true
		value = value.Items
	}
	c.Avro = value
	var err error
	if c.Form, err = formOf(value); err != nil {
		return c, unmapped(f.Name, err)
	}
	if c.Type = typeOf(c.Form, value); c.Form == Struct {
		if c.Columns, err = columnsOf(value, depth+1); err != nil {
			return c, fmt.Errorf("field %q: %w", f.Name, err)
		}
	}
	return c, nil
}

func unmapped(field string, err error) error {
	return fmt.Errorf("field %q: %w: leave the column out in the source", field, err)
}
