package row

import (
	"testing"
)

func BenchmarkAppend(b *testing.B) {
	eight := []string{
		idField, noteField, `{"name":"a","type":"int"}`, `{"name":"b","type":["null","double"],"default":null}`,
		`{"name":"c","type":{"type":"bytes","scale":2,"precision":10,"logicalType":"decimal"}}`,
		`{"name":"d","type":{"type":"string","connect.name":"io.debezium.time.ZonedTimestamp"}}`,
		`{"name":"e","type":{"type":"long","connect.name":"io.debezium.time.MicroTimestamp"}}`, `{"name":"f","type":"boolean"}`,
	}
	row := values{
		"id": int64(123456), "note": values{"string": "a note of some length"}, "a": 42, "b": values{"double": 1.5},
		"c": rat("12345.67"), "d": "2026-01-02T03:04:05Z", "e": int64(1_700_000_000_123_456), "f": true,
	}
	for name, tt := range map[string]struct {
		upsert bool
		op     string
	}{"upsert": {true, "u"}, "delete": {true, "d"}, "log": {false, "u"}} {
		b.Run(name, func(b *testing.B) {
			r := newRelation(b, tt.upsert, eight...)
			m := r.message(b, tt.op, row, row)
			var out []byte
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if out, err = r.plan.Append(out[:0], m); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(out)), "B/row")
		})
	}
}
