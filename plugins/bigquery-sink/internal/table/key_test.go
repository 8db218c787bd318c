package table

import (
	"fmt"
	"strings"
	"testing"

	"cloud.google.com/go/bigquery"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
	"github.com/leat-io/leat/sdk"
)

func keyed(types ...bigquery.FieldType) *Spec {
	s := &Spec{Dataset: "d", Table: "t", Upsert: true}
	for i, t := range types {
		s.KeyColumns = append(s.KeyColumns, schema.Column{Name: fmt.Sprintf("k%d", i), Type: t, Key: true, Avro: &avrotype.Type{}})
	}
	return s
}

func TestCheckKey(t *testing.T) {
	t.Parallel()
	long := make([]bigquery.FieldType, 17)
	for i := range long {
		long[i] = bigquery.IntegerFieldType
	}
	logged := keyed(bigquery.FloatFieldType)
	logged.Upsert = false
	tests := map[string]struct {
		spec *Spec
		want string
	}{
		"OK":                 {keyed(bigquery.IntegerFieldType, bigquery.StringFieldType), ""},
		"OK in a log":        {logged, ""},
		"OK with 16 columns": {keyed(long[:16]...), ""},
		"17 columns":         {keyed(long...), "its key has 17 columns, BigQuery takes 16"},
		"a FLOAT":            {keyed(bigquery.FloatFieldType), `its key has the column "k0" of type FLOAT`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := checkKey(tt.spec)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a permanent error with %q", err, tt.want)
			}
		})
	}
}

func TestClustering(t *testing.T) {
	t.Parallel()
	s := keyed(bigquery.IntegerFieldType, bigquery.FloatFieldType, bigquery.StringFieldType, bigquery.DateFieldType, bigquery.BytesFieldType, bigquery.BooleanFieldType)
	if diff := cmp.Diff([]string{"k0", "k2", "k3", "k4"}, clustering(s)); diff != "" {
		t.Errorf("clustering (-want +got):\n%s", diff)
	}
}

func TestPlanOfTable(t *testing.T) {
	t.Parallel()
	spec := keyed(bigquery.IntegerFieldType)
	spec.Columns = []schema.Column{spec.KeyColumns[0], {Name: "n", Type: bigquery.StringFieldType, Avro: &avrotype.Type{}}}
	key := &bigquery.TableConstraints{PrimaryKey: &bigquery.PrimaryKey{Columns: []string{"K0"}}}
	field := func(name string, typ bigquery.FieldType, required bool) *bigquery.FieldSchema {
		return &bigquery.FieldSchema{Name: name, Type: typ, Required: required, Description: "kept"}
	}
	id := field("k0", bigquery.IntegerFieldType, true)
	tests := map[string]struct {
		have bigquery.Schema
		want bigquery.Schema // after the update, nil if there is none
	}{
		"fits":             {bigquery.Schema{id, field("N", bigquery.StringFieldType, false)}, nil},
		"lacks a column":   {bigquery.Schema{id}, bigquery.Schema{id, {Name: "n", Type: bigquery.StringFieldType}}},
		"requires a value": {bigquery.Schema{id, field("n", bigquery.StringFieldType, true)}, bigquery.Schema{id, field("n", bigquery.StringFieldType, false)}},
		"requires another": {
			bigquery.Schema{id, field("n", bigquery.StringFieldType, false), field("x", bigquery.DateFieldType, true)},
			bigquery.Schema{id, field("n", bigquery.StringFieldType, false), field("x", bigquery.DateFieldType, false)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, update, err := plan(spec, &bigquery.TableMetadata{Schema: tt.have, TableConstraints: key})
			if err != nil {
				t.Fatal(err)
			}
			var got bigquery.Schema
			if update != nil {
				got = update.Schema
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("update (-want +got):\n%s", diff)
			}
		})
	}
}
