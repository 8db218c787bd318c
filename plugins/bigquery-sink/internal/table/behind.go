package table

import (
	"fmt"
	"strings"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter/adapt"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

// wanted are the columns as writers have to see them: those of the rows, with the
// types of the table, of which only the key is REQUIRED.
func wanted(spec *Spec, columns []schema.Column) bigquery.Schema {
	fields := schema.Fields(columns)
	if !spec.Upsert {
		fields = append(fields, row.LogColumns()...)
	}
	for _, f := range fields {
		f.Required = isKey(spec, f.Name)
	}
	return fields
}

// behind says what writers do not see yet, and is empty if they see all. A column
// that rows have no value for is looked at too: it may be REQUIRED still.
func behind(want bigquery.Schema, seen []*storagepb.TableFieldSchema) string {
	types := map[string]storagepb.TableFieldSchema_Type{}
	if storage, err := adapt.BQSchemaToStorageTableSchema(want); err == nil {
		for _, f := range storage.GetFields() {
			types[f.GetName()] = f.GetType()
		}
	}
	have := map[string]*storagepb.TableFieldSchema{}
	for _, f := range seen {
		have[strings.ToUpper(f.GetName())] = f
	}
	for _, f := range want {
		h := have[strings.ToUpper(f.Name)]
		if h == nil {
			return fmt.Sprintf("show column %q to writers", f.Name)
		}
		if want, ok := types[f.Name]; ok && h.GetType() != want {
			return fmt.Sprintf("show writers that column %q is %v, not %v", f.Name, want, h.GetType())
		}
	}
	for _, h := range seen {
		if f := schema.Find(want, h.GetName()); h.GetMode() == storagepb.TableFieldSchema_REQUIRED && (f == nil || !f.Required) {
			return fmt.Sprintf("show writers that column %q is NULLABLE", h.GetName())
		}
	}
	return ""
}
