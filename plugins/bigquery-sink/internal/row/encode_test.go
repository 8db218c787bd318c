package row

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	annotated := func(kind, name string) string { return fmt.Sprintf(`{"type":%q,"connect.name":%q}`, kind, name) }
	logical := func(kind, name string) string { return fmt.Sprintf(`{"type":%q,"logicalType":%q}`, kind, name) }
	const ok, far = int64(1_000_000), int64(1) << 61
	tests := map[string]struct {
		typ    string
		value  any
		want   string
		reason string
	}{
		"local milliseconds":             {annotated("long", "io.debezium.time.Timestamp"), ok, `"1970-01-01 00:16:40"`, ""},
		"local milliseconds too far":     {annotated("long", "io.debezium.time.Timestamp"), far, "", reasonMoment},
		"local microseconds":             {annotated("long", "io.debezium.time.MicroTimestamp"), ok, `"1970-01-01 00:00:01"`, ""},
		"local microseconds too far":     {annotated("long", "io.debezium.time.MicroTimestamp"), -far, "", reasonMoment},
		"a moment":                       {annotated("string", "io.debezium.time.ZonedTimestamp"), "1970-01-01T00:00:01Z", `"1000000"`, ""},
		"a moment that is none":          {annotated("string", "io.debezium.time.ZonedTimestamp"), "0000-00-00T00:00:00Z", "", reasonMoment},
		"a day":                          {annotated("int", "io.debezium.time.Date"), -1, `-1`, ""},
		"a day too far":                  {annotated("int", "io.debezium.time.Date"), lastDay + 1, "", reasonDate},
		"a time in microseconds":         {annotated("long", "io.debezium.time.MicroTime"), -ok, `"-00:00:01"`, ""},
		"a time in milliseconds":         {annotated("int", "io.debezium.time.Time"), 1500, `"00:00:01.500000"`, ""},
		"a time too long":                {annotated("long", "io.debezium.time.MicroTime"), far, "", reasonDuration},
		"JSON":                           {annotated("string", "io.debezium.data.Json"), `{}`, `"{}"`, ""},
		"an instant in milliseconds":     {logical("long", "timestamp-millis"), int64(5), `"5000"`, ""},
		"an instant in milliseconds far": {logical("long", "timestamp-millis"), far, "", reasonMoment},
		"a float":                        {`"float"`, float32(1.5), `1.5`, ""},
		"a symbol":                       {`{"type":"enum","name":"E","symbols":["A","B"]}`, "B", `"B"`, ""},
		"a fixed":                        {`{"type":"fixed","name":"X","size":2}`, [2]byte{1, 2}, `"AQI="`, ""},
		"a list":                         {`{"type":"array","items":"long"}`, []int64{1, 2}, `["1", "2"]`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelation(t, true, idField, `{"name":"v","type":`+tt.typ+`}`)
			if strings.Contains(tt.typ, "logicalType") { // the encoder of the tests takes moments as time.Time
				r = plainly(t, r)
			}
			out, err := r.plan.Append(nil, r.message(t, "c", nil, values{"id": int64(1), "v": tt.value}))
			if tt.reason != "" {
				var f *Fault
				if !errors.As(err, &f) {
					t.Fatalf("got %v, want a fault", err)
				}
				if diff := cmp.Diff(&Fault{Column: "v", Type: f.Type, Reason: tt.reason, Key: "id=1"}, f); diff != "" {
					t.Errorf("fault (-want +got):\n%s", diff)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			row := r.plan.decode(t, out)
			if want := `"v":` + tt.want; !strings.Contains(strings.ReplaceAll(row, ", ", ","), strings.ReplaceAll(want, ", ", ",")) {
				t.Errorf("got %s, want %s in it", row, want)
			}
		})
	}
}

// plainly has the tests write a logical type as the long that it is.
func plainly(t *testing.T, r *relation) *relation {
	t.Helper()
	plain := newRelation(t, true, idField, `{"name":"v","type":"long"}`)
	return &relation{plan: r.plan, key: plain.key, value: plain.value, api: plain.api, upsert: true}
}
