package schema

import (
	"fmt"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/sdk"
)

// Refine adds what the Avro schemas do not say: a BIGINT UNSIGNED is a long in
// them, whose upper half reads as negative numbers. Such columns are created with
// the type unsigned.
func (e *Envelope) Refine(row *sdk.RowSchema, unsigned bigquery.FieldType) error {
	if len(row.Columns) != len(e.Row.Fields) {
		return fmt.Errorf("rows of table `%s`.`%s` have %d columns, but %d fields in their envelope: let no transform change one without the other",
			row.Database, row.Table, len(row.Columns), len(e.Row.Fields))
	}
	wide := map[string]bool{}
	for i := range row.Columns {
		c := &row.Columns[i]
		wide[e.Row.Fields[i].Name] = c.Type == sdk.Long && c.Native.Name == "BIGINT" && c.Native.Unsigned
	}
	for _, columns := range [][]Column{e.Columns, e.KeyColumns} {
		for i := range columns {
			if c := &columns[i]; c.Form == Int && wide[c.Field] {
				c.Form, c.Type = Unsigned, unsigned
			}
		}
	}
	return nil
}
