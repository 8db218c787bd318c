package table

import (
	"testing"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

// What writers do not see yet is a column, its type, or that it may be NULL.
func TestBehind(t *testing.T) {
	t.Parallel()
	long := &avrotype.Type{Kind: avrotype.Long}
	column := func(name string, typ bigquery.FieldType) schema.Column {
		return schema.Column{Name: name, Type: typ, Avro: long}
	}
	spec := &Spec{Upsert: true, KeyColumns: []schema.Column{column("id", bigquery.IntegerFieldType)}}
	columns := []schema.Column{column("id", bigquery.IntegerFieldType), column("n", bigquery.NumericFieldType)}
	const (
		integer, numeric   = storagepb.TableFieldSchema_INT64, storagepb.TableFieldSchema_NUMERIC
		nullable, required = storagepb.TableFieldSchema_NULLABLE, storagepb.TableFieldSchema_REQUIRED
	)
	field := func(name string, typ storagepb.TableFieldSchema_Type, mode storagepb.TableFieldSchema_Mode) *storagepb.TableFieldSchema {
		return &storagepb.TableFieldSchema{Name: name, Type: typ, Mode: mode}
	}
	id := field("ID", integer, required)
	tests := map[string]struct {
		spec *Spec
		seen []*storagepb.TableFieldSchema
		want string
	}{
		"OK":                       {spec, []*storagepb.TableFieldSchema{id, field("n", numeric, nullable)}, ""},
		"OK with more columns":     {spec, []*storagepb.TableFieldSchema{id, field("n", numeric, nullable), field("x", integer, nullable)}, ""},
		"no columns":               {spec, nil, `show column "id" to writers`},
		"a column":                 {spec, []*storagepb.TableFieldSchema{id}, `show column "n" to writers`},
		"a type":                   {spec, []*storagepb.TableFieldSchema{id, field("n", integer, nullable)}, `show writers that column "n" is NUMERIC, not INT64`},
		"a mode":                   {spec, []*storagepb.TableFieldSchema{id, field("n", numeric, required)}, `show writers that column "n" is NULLABLE`},
		"a mode of another column": {spec, []*storagepb.TableFieldSchema{id, field("n", numeric, nullable), field("x", integer, required)}, `show writers that column "x" is NULLABLE`},
		"a column of a log":        {&Spec{}, []*storagepb.TableFieldSchema{id, field("n", numeric, nullable)}, `show column "_leat_op" to writers`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := behind(wanted(tt.spec, columns), tt.seen); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
