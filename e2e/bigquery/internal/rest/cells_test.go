package rest

import (
	"encoding/json"
	"testing"
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// The row format of cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/list: f and v, scalars as strings.
func TestTableRows(t *testing.T) {
	t.Parallel()
	at := time.UnixMicro(1_500_000).UTC()
	record := []*bq.TableFieldSchema{{Name: "x", Type: "INTEGER", Mode: "NULLABLE"}}
	tests := map[string]struct {
		field  bq.TableFieldSchema
		value  any
		micros bool
		want   string
	}{
		"integer":           {bq.TableFieldSchema{Type: "INTEGER"}, int64(5), false, `"5"`},
		"float":             {bq.TableFieldSchema{Type: "FLOAT"}, 0.25, false, `"0.25"`},
		"boolean":           {bq.TableFieldSchema{Type: "BOOLEAN"}, true, false, `"true"`},
		"bytes":             {bq.TableFieldSchema{Type: "BYTES"}, []byte("hi"), false, `"aGk="`},
		"numeric":           {bq.TableFieldSchema{Type: "NUMERIC"}, warehouse.Decimal("1.5"), false, `"1.5"`},
		"timestamp":         {bq.TableFieldSchema{Type: "TIMESTAMP"}, at, false, `"1.5E+00"`},
		"timestamp, micros": {bq.TableFieldSchema{Type: "TIMESTAMP"}, at, true, `"1500000"`},
		"null":              {bq.TableFieldSchema{Type: "STRING"}, nil, false, `null`},
		"empty string":      {bq.TableFieldSchema{Type: "STRING"}, "", false, `""`},
		"record":            {bq.TableFieldSchema{Type: "RECORD", Fields: record}, warehouse.Row{"x": int64(1)}, false, `{"f":[{"v":"1"}]}`},
		"record with null":  {bq.TableFieldSchema{Type: "RECORD", Fields: record}, warehouse.Row{}, false, `{"f":[{"v":null}]}`},
		"repeated":          {bq.TableFieldSchema{Type: "STRING", Mode: "REPEATED"}, []any{"a", "b"}, false, `[{"v":"a"},{"v":"b"}]`},
		"empty repeated":    {bq.TableFieldSchema{Type: "STRING", Mode: "REPEATED"}, nil, false, `[]`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.field.Name = "c"
			rows := tableRows([]*bq.TableFieldSchema{&tt.field}, []warehouse.Row{{"c": tt.value}}, tt.micros)
			got, err := json.Marshal(rows)
			if want := `[{"f":[{"v":` + tt.want + `}]}]`; err != nil || string(got) != want {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		})
	}
}
