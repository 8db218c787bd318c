package bigquery_test

import (
	"math/big"
	"testing"
	"time"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"cloud.google.com/go/civil"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/bigquery"
)

// Every type that a sink writes comes back through both views.
// cloud.google.com/bigquery/docs/supported-data-types
func TestValues(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	at := time.Date(2026, 5, 6, 7, 8, 9, 123456000, time.UTC)
	tests := map[string]struct {
		typ     gbq.FieldType
		written any
		row     any // what Rows shows
		client  any // what the client reads
	}{
		"integer":    {gbq.IntegerFieldType, int64(-5), int64(-5), int64(-5)},
		"float":      {gbq.FloatFieldType, 1.5, 1.5, 1.5},
		"bool":       {gbq.BooleanFieldType, true, true, true},
		"string":     {gbq.StringFieldType, "é", "é", "é"},
		"bytes":      {gbq.BytesFieldType, []byte{0, 255}, []byte{0, 255}, []byte{0, 255}},
		"numeric":    {gbq.NumericFieldType, "-12.50", "-12.5", big.NewRat(-25, 2)},
		"bignumeric": {gbq.BigNumericFieldType, "100", "100", big.NewRat(100, 1)},
		"date":       {gbq.DateFieldType, int32(-1), "1969-12-31", civil.Date{Year: 1969, Month: 12, Day: 31}},
		"datetime":   {gbq.DateTimeFieldType, "2026-05-06 07:08:09", "2026-05-06T07:08:09", civil.DateTimeOf(at.Truncate(time.Second))},
		"time":       {gbq.TimeFieldType, "7:08:09.5", "07:08:09.500000", civil.Time{Hour: 7, Minute: 8, Second: 9, Nanosecond: 5e8}},
		"timestamp":  {gbq.TimestampFieldType, at.UnixMicro(), at, at},
		"json":       {gbq.JSONFieldType, `{"a":1}`, `{"a":1}`, `{"a":1}`},
		"geography":  {gbq.GeographyFieldType, "POINT(1 2)", "POINT(1 2)", "POINT(1 2)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			schema := gbq.Schema{{Name: "v", Type: tt.typ}}
			table := e.create(t, name, schema)
			w := e.writer(t, name, managedwriter.DefaultStream, schema)
			must(t, w.append(t, row{"v": tt.written}, row{}))
			rows, err := e.Table(dataset, name).Rows()
			must(t, err)
			if diff := cmp.Diff([]map[string]any{{"v": tt.row}, {"v": nil}}, rows); diff != "" {
				t.Error(diff)
			}
			rats := cmp.Comparer(func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
			if diff := cmp.Diff([][]gbq.Value{{tt.client}, {nil}}, all(t, table.Read(t.Context())), rats); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Values outside of a type's range are row errors.
// cloud.google.com/bigquery/docs/reference/standard-sql/data-types
func TestValuesRefused(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	tests := map[string]struct {
		typ     gbq.FieldType
		written any
		want    string
	}{
		"numeric scale":      {gbq.NumericFieldType, "0.1234567891", `field v: Invalid NUMERIC value: "0.1234567891" has more than 9 digits after the point`},
		"numeric range":      {gbq.NumericFieldType, "100000000000000000000000000000", `field v: Invalid NUMERIC value: "100000000000000000000000000000" is out of range`},
		"date range":         {gbq.DateFieldType, int32(2932897), "field v: Date value 2932897 is out of the range 0001-01-01 to 9999-12-31"},
		"datetime zero date": {gbq.DateTimeFieldType, "0000-00-00 00:00:00", `field v: Invalid DATETIME value: "0000-00-00 00:00:00"`},
		"time range":         {gbq.TimeFieldType, "24:00:00", `field v: Invalid TIME value: "24:00:00"`},
		"timestamp range":    {gbq.TimestampFieldType, int64(253402300800000000), "field v: Timestamp value 253402300800000000 is out of the range 0001-01-01 to 9999-12-31"},
		"utf-8":              {gbq.StringFieldType, "a\xff", "field v: Invalid UTF-8 in a STRING value"},
		"json":               {gbq.JSONFieldType, "{", `field v: Invalid JSON value: "{"`},
		"geography":          {gbq.GeographyFieldType, "here", `field v: Invalid GEOGRAPHY value, expected WKT or GeoJSON: "here"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			schema := gbq.Schema{{Name: "v", Type: tt.typ}}
			e.create(t, tableName(t), schema)
			w := e.writer(t, tableName(t), managedwriter.DefaultStream, schema)
			resp, err := w.send(t, w.rows(t, row{"v": tt.written}))
			if got := reason(resp, err); got != tt.want {
				t.Errorf("refused with %q, want %q", got, tt.want)
			}
		})
	}
}
