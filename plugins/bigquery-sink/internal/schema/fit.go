package schema

import (
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/bigquery"
)

// wider lists the types of existing columns that take every value of another type.
var wider = map[bigquery.FieldType][]bigquery.FieldType{
	bigquery.BooleanFieldType:    {bigquery.IntegerFieldType},
	bigquery.IntegerFieldType:    {bigquery.NumericFieldType, bigquery.BigNumericFieldType, bigquery.StringFieldType},
	bigquery.NumericFieldType:    {bigquery.BigNumericFieldType, bigquery.StringFieldType},
	bigquery.BigNumericFieldType: {bigquery.StringFieldType},
	bigquery.JSONFieldType:       {bigquery.StringFieldType},
}

// alterable lists the types to which BigQuery alters a column.
var alterable = map[bigquery.FieldType][]bigquery.FieldType{
	bigquery.IntegerFieldType: {bigquery.NumericFieldType, bigquery.BigNumericFieldType, bigquery.FloatFieldType},
	bigquery.NumericFieldType: {bigquery.BigNumericFieldType, bigquery.FloatFieldType},
}

// Mismatch is a column whose type in the table does not take the values.
type Mismatch struct {
	Column     string
	Have, Want bigquery.FieldType
	// Avro is the type in the message's schema.
	Avro string
	// Mode says that it is the modes that differ: one is REPEATED.
	Mode bool
}

// Error says what differs.
func (m *Mismatch) Error() string {
	if m.Mode {
		return fmt.Sprintf("column %q is REPEATED on one side only, the other is %s made of %s", m.Column, m.Want, m.Avro)
	}
	return fmt.Sprintf("column %q is %s, which does not take the values of %s, made of %s", m.Column, m.Have, m.Want, m.Avro)
}

// Alterable says whether ALTER COLUMN SET DATA TYPE widens the column to what is wanted.
func (m *Mismatch) Alterable() bool {
	return !m.Mode && slices.Contains(alterable[m.Have], m.Want)
}

// Fit compares columns with those of a table. It returns the columns with the
// types and names that the table has, and those the table lacks. The types may
// be wider than a column would be created with, so that a table may be altered
// by hand.
func Fit(columns []Column, table bigquery.Schema) (fitted, missing []Column, err error) {
	fitted = slices.Clone(columns)
	for i := range fitted {
		c := &fitted[i]
		f := Find(table, c.Name)
		if f == nil {
			missing = append(missing, *c)
			continue
		}
		if err := c.fit(f); err != nil {
			return nil, nil, err
		}
	}
	return fitted, missing, nil
}

// Find returns the field of that name, in any case, or nil.
func Find(table bigquery.Schema, name string) *bigquery.FieldSchema {
	for _, f := range table {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

func (c *Column) fit(f *bigquery.FieldSchema) error {
	bad := &Mismatch{Column: c.Name, Have: f.Type, Want: c.Type, Avro: c.Avro.String(), Mode: f.Repeated != c.Repeated}
	if bad.Mode || f.Type != c.Type && (c.Repeated || !c.takes(f.Type)) {
		return bad
	}
	c.Name, c.Type = f.Name, f.Type
	if c.Form != Struct {
		return nil
	}
	fitted, missing, err := Fit(c.Columns, f.Schema)
	if err != nil {
		return fmt.Errorf("in %q: %w", c.Name, err)
	}
	if len(missing) > 0 {
		return fmt.Errorf("column %q lacks the field %q: add it to the RECORD by hand, or rename the column", c.Name, missing[0].Name)
	}
	c.Columns = fitted
	return nil
}

// takes says whether a column of another type may have the values. INT64 has the
// lower half of unsigned numbers; each row is looked at.
func (c *Column) takes(t bigquery.FieldType) bool {
	return slices.Contains(wider[c.Type], t) || c.Form == Unsigned && t == bigquery.IntegerFieldType
}

// Fields returns the columns as BigQuery describes them. Only those of a key are REQUIRED: the
// columns of a source come and go, and a delete has no others.
func Fields(columns []Column) bigquery.Schema {
	out := make(bigquery.Schema, len(columns))
	for i, c := range columns {
		out[i] = &bigquery.FieldSchema{Name: c.Name, Type: c.Type, Repeated: c.Repeated, Required: c.Key}
		if c.Form == Struct {
			out[i].Schema = Fields(c.Columns)
		}
	}
	return out
}
