package judge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/differential/internal/judge"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// field reads a column's field from JSON.
func field(t *testing.T, text string) any {
	t.Helper()
	v, err := tree.ParseJSON(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// semantic is a field of a type with a connect.name.
func semantic(avro, name string) string {
	return `{"name":"a","type":["null",{"type":"` + avro + `","connect.version":1,"connect.name":"` + name + `"}],"default":null}`
}

var (
	geometry = `{"name":"a","type":["null",{"type":"record","name":"Geometry","connect.name":"io.debezium.data.geometry.Geometry"}],"default":null}`
	enum     = semantic("string", "io.debezium.data.Enum")
	labelSet = semantic("string", "io.debezium.data.EnumSet")
	bits     = semantic("bytes", "io.debezium.data.Bits")
	doc      = semantic("string", "io.debezium.data.Json")
	year     = semantic("int", "io.debezium.time.Year")
	date     = semantic("int", "io.debezium.time.Date")
	millis   = semantic("long", "io.debezium.time.Timestamp")
	zoned    = semantic("string", "io.debezium.time.ZonedTimestamp")
)

const (
	boolean  = `{"name":"a","type":["null","boolean"],"default":null}`
	int16    = `{"name":"a","type":["null",{"type":"int","connect.type":"int16"}],"default":null}`
	single   = `{"name":"a","type":["null","float"],"default":null}`
	boolean0 = `{"name":"a","type":[{"type":"boolean","connect.default":false},"null"],"default":false}`
	boolean1 = `{"name":"a","type":[{"type":"boolean","connect.default":true},"null"],"default":true}`
	enumNull = `{"name":"a","type":[{"type":"string","connect.version":1,"connect.default":"null","connect.name":"io.debezium.data.Enum"},"null"],"default":"null"}`
	double   = `{"name":"a","type":["null","double"],"default":null}`
	text     = `{"name":"a","type":["null","string"],"default":null}`
	octets   = `{"name":"a","type":["null","bytes"],"default":null}`
	number   = `{"name":"a","type":[{"type":"int","connect.default":5},"null"],"default":5}`
)

// TestRulesOnValues holds each rule to what its row says, and to nothing near it.
func TestRulesOnValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, phase          string
		debeziumField, field string
		debezium, leat       any
		want                 string // the rule; empty: none
	}{
		{"true for 104", judge.Stream, boolean, int16, true, int64(104), "bool"},
		{"true for 0", judge.Stream, boolean, int16, true, int64(0), ""},
		{"boolean in a snapshot", judge.Snapshot, boolean, int16, true, int64(1), ""},
		{"REAL cut to a float", judge.Stream, single, double, float64(float32(0.1)), 0.1, "real"},
		{"REAL of another value", judge.Stream, single, double, 0.2, 0.1, ""},
		{"FLOAT4 lost", judge.Stream, double, single, nil, 1.5, "float4"},
		{"six digits", judge.Snapshot, single, single, float64(float32(106.032)), float64(float32(106.03176)), "float"},
		{"six digits in the stream", judge.Stream, single, single, float64(float32(106.032)), float64(float32(106.03176)), ""},
		{"five digits", judge.Snapshot, single, single, float64(float32(106.03)), float64(float32(106.03176)), ""},
		{"zeros of a fraction", judge.Snapshot, zoned, zoned, "2020-01-01T00:00:00.1Z", "2020-01-01T00:00:00.100Z", "timestamp-zeros"},
		{"no fraction left", judge.Snapshot, zoned, zoned, "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000000Z", "timestamp-zeros"},
		{"another fraction", judge.Snapshot, zoned, zoned, "2020-01-01T00:00:00.1Z", "2020-01-01T00:00:00.101Z", ""},
		{"ten days before 1582", judge.Snapshot, millis, millis, int64(-12218472000000), int64(-12219336000000), "julian"},
		{"ten days today", judge.Snapshot, millis, millis, int64(10 * 86400000), int64(0), ""},
		{"ten days in the stream", judge.Stream, millis, millis, int64(-12218472000000), int64(-12219336000000), ""},
		{"year 1", judge.Stream, date, date, int64(11323), int64(-719162), "two-digit-year"},
		{"year 1000", judge.Stream, date, date, int64(11323), int64(-354285), ""},
		{"year zero", judge.Stream, year, year, int64(1900), int64(0), "year-zero"},
		{"year 1901", judge.Stream, year, year, int64(1900), int64(1901), ""},
		{"escaped comma", judge.Stream, enum, enum, `a\,b`, "a,b", "enum-escape"},
		{"escaped comma in a snapshot", judge.Snapshot, enum, enum, `a\,b`, "a,b", ""},
		{"another label", judge.Stream, enum, enum, "a", "b", ""},
		{"trailing spaces of a label", judge.Stream, enum, enum, "a  ", "a", "enum-trailing-space"},
		{"leading spaces of a label", judge.Stream, enum, enum, "  a", "a", ""},
		{"label not found", judge.Snapshot, enum, enum, nil, "a", "enum-binary"},
		{"label not found here", judge.Snapshot, enum, enum, "a", nil, ""},
		{"Ukrainian letter", judge.Stream, text, text, "╖жак", "їжак", "koi8u"},
		{"another letter", judge.Stream, text, text, "╖жак", "їжаґ", ""},
		{"byte that is no character", judge.Snapshot, text, text, "a?b?", "a\uFFFDb\uFFFD", "charset-unassigned"},
		{"byte that is no character in the stream", judge.Stream, text, text, "a?b", "a\uFFFDb", ""},
		{"question mark for a letter", judge.Snapshot, text, text, "a?b", "aьb", ""},
		{"binary text", judge.Stream, text, octets, "ab", []byte("ab\x00\x00"), "charset-binary"},
		{"binary text of another value", judge.Stream, text, octets, "ab", []byte("ac"), ""},
		{"label of a SET in another order", judge.Stream, labelSet, labelSet, "y,x", "x,y", ""},
		{"zero cut off", judge.Stream, octets, octets, []byte{1}, []byte{1, 0}, "binary-padding"},
		{"one cut off", judge.Stream, octets, octets, []byte{1}, []byte{1, 1}, ""},
		{"zero too many", judge.Stream, octets, octets, []byte{1, 0}, []byte{1}, ""},
		{"spaces in JSON", judge.Snapshot, doc, doc, `{"a": 1e2}`, `{"a":100}`, "json"},
		{"spaces in a string of JSON", judge.Snapshot, doc, doc, `{"a": "b c"}`, `{"a":"bc"}`, ""},
		{"order in JSON", judge.Snapshot, doc, doc, `{"a": 1, "b": 2}`, `{"b":2,"a":1}`, ""},
		{"number in JSON", judge.Snapshot, doc, doc, `[1]`, `[2]`, ""},
		{"time in JSON", judge.Stream, doc, doc, `["10:11:12"]`, `["10:11:12.000000"]`, "json-opaque"},
		{"negative time in JSON", judge.Stream, doc, doc, `["11:0-12:0-13.00000-5"]`, `["-10:11:12.500000"]`, "json-opaque"},
		{"binary string in JSON", judge.Stream, doc, doc, `["YQ=="]`, `["base64:type15:YQ=="]`, "json-opaque"},
		{"another binary string in JSON", judge.Stream, doc, doc, `["YQ=="]`, `["base64:type15:YWE="]`, ""},
		{"string in JSON", judge.Stream, doc, doc, `["a"]`, `["b"]`, ""},
		{"empty JSON", judge.Stream, doc, doc, "{}", "null", "json-empty"},
		{"empty JSON in a snapshot", judge.Snapshot, doc, doc, "{}", "null", ""},
		{"default for NULL", judge.Stream, number, number, int64(5), nil, "null-default"},
		{"another value for NULL", judge.Stream, number, number, int64(6), nil, ""},
		{"NULL for a default", judge.Stream, number, number, nil, int64(5), ""},
		{"unreadable text where no case names it", judge.Stream, text, text, "\uFFFD", "汉", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := judge.Difference{
				Part: judge.Value, Phase: test.phase, Path: "after.a", Column: "a", Debezium: test.debezium, Leat: test.leat,
				DebeziumField: field(t, test.debeziumField), LeatField: field(t, test.field),
			}
			explained(t, d, test.want)
		})
	}
}

// TestRulesOnKeys has the rules that ask whether the column is part of the key.
func TestRulesOnKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		phase          string
		inKey          bool
		debezium, leat []byte
		want           string
	}{
		"OK":             {judge.Snapshot, true, []byte{1, 2}, []byte{2, 1}, "bit-key"},
		"not in the key": {judge.Snapshot, false, []byte{1, 2}, []byte{2, 1}, ""},
		"in the stream":  {judge.Stream, true, []byte{1, 2}, []byte{2, 1}, ""},
		"other bytes":    {judge.Snapshot, true, []byte{1, 2}, []byte{2, 2}, ""},
		"bytes left out": {judge.Snapshot, true, []byte{1}, []byte{1, 0}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := judge.Difference{
				Part: judge.Key, Phase: test.phase, Path: "a", Column: "a", InKey: test.inKey, Debezium: test.debezium, Leat: test.leat,
				DebeziumField: field(t, bits), LeatField: field(t, bits),
			}
			explained(t, d, test.want)
		})
	}
}

func TestRulesOnSchemas(t *testing.T) {
	t.Parallel()
	withDefault := func(avro, value string) string {
		return `{"name":"a","type":{"type":"` + avro + `","connect.default":` + value + `},"default":` + value + `}`
	}
	time := func(value string) string {
		return `{"name":"a","type":{"type":"long","connect.version":1,"connect.default":` + value + `,"connect.name":"io.debezium.time.MicroTime"},"default":` + value + `}`
	}
	setWith := func(value string) string {
		return `{"name":"a","type":{"type":"string","connect.version":1,"connect.parameters":{"allowed":"y,x"},"connect.default":"` + value +
			`","connect.name":"io.debezium.data.EnumSet"},"default":"` + value + `"}`
	}
	enumWith := func(labels, value string) string {
		return strings.NewReplacer("y,x", labels, `"connect.default":""`, `"connect.default":"`+value+`"`, `"default":""`, `"default":"`+value+`"`, "EnumSet", "Enum").Replace(setWith(""))
	}
	int16Default := `{"name":"a","type":{"type":"int","connect.default":1,"connect.type":"int16"},"default":1}`
	tests := []struct {
		name, phase    string
		debezium, leat string
		inKey          bool
		want           string
	}{
		{"boolean", judge.Stream, boolean, int16, false, "bool"},
		{"boolean with its default", judge.Stream, withDefault("boolean", "true"), int16Default, false, "bool"},
		{"boolean with another default", judge.Stream, withDefault("boolean", "false"), int16Default, false, ""},
		{"float for REAL", judge.Stream, single, double, false, "real"},
		{"float for REAL with its default", judge.Stream, withDefault("float", "0.1"), withDefault("double", "0.1"), false, "real"},
		{"float for REAL with another default", judge.Stream, withDefault("float", "0.1"), withDefault("double", "0.2"), false, ""},
		{"double for float in a snapshot", judge.Snapshot, double, single, false, ""},
		{"default cut to six digits", judge.Snapshot, withDefault("float", "106.032"), withDefault("float", "106.03176"), false, "float"},
		{"unsigned default", judge.Stream, withDefault("long", "9223372036854775807"), withDefault("long", "-1"), false, "unsigned-default"},
		{"negative default", judge.Stream, withDefault("long", "5"), withDefault("long", "-1"), false, ""},
		{"unpadded default", judge.Stream, withDefault("bytes", `"ab"`), withDefault("bytes", `"ab\u0000"`), false, "binary-default"},
		{"default with backslashes", judge.Snapshot, withDefault("bytes", `"ab\\0"`), withDefault("bytes", `"ab\u0000"`), false, "binary-default"},
		{"another default of bytes", judge.Stream, withDefault("bytes", `"ab"`), withDefault("bytes", `"ac"`), false, ""},
		{"doubled quote", judge.Stream, withDefault("string", `"it''s"`), withDefault("string", `"it's"`), false, "default-text"},
		{"escaped default", judge.Stream, withDefault("string", `"a\\n\\\\b"`), withDefault("string", `"a\n\\b"`), false, "default-text"},
		{"spaces behind a default", judge.Stream, withDefault("string", `"a  "`), withDefault("string", `"a"`), false, "default-text"},
		{"emoji as a default", judge.Snapshot, withDefault("string", `"F09F988"`), withDefault("string", `"😀"`), false, "default-text"},
		{"another emoji as a default", judge.Snapshot, withDefault("string", `"F09F989"`), withDefault("string", `"😀"`), false, ""},
		{"bit set as a default", judge.Stream, boolean0, boolean1, false, "default-set-bit"},
		{"bit unset as a default", judge.Stream, boolean1, boolean0, false, ""},
		{"float4", judge.Stream, double, single, false, "float4"},
		{"default null of an enum", judge.Stream, enumNull, enum, false, "default-set-null"},
		{"another default of text", judge.Stream, withDefault("string", `"its"`), withDefault("string", `"it's"`), false, ""},
		{"rounded time", judge.Stream, time("45296500000"), time("45297000000"), false, "default-rounded"},
		{"labels in another order", judge.Stream, setWith("x,y"), setWith("y,x"), false, "default-set-order"},
		{"labels in another order in a snapshot", judge.Snapshot, setWith("x,y"), setWith("y,x"), false, ""},
		{"labels in an order that is not the type's", judge.Stream, setWith("y,x"), setWith("x,y"), false, ""},
		{"labels beyond the server's text", judge.Snapshot, enumWith("a,?", "F09F988"), enumWith("a,😀", "😀"), false, "enum-4-byte"},
		{"labels beyond the server's text, another default", judge.Snapshot, enumWith("a,?", "a"), enumWith("a,😀", "a"), false, "enum-4-byte"},
		{"labels beyond the server's text in the stream", judge.Stream, enumWith("a,?", "a"), enumWith("a,😀", "a"), false, ""},
		{"labels lost here", judge.Snapshot, enumWith("a,😀", "a"), enumWith("a,?", "a"), false, ""},
		{"a default that is another label", judge.Snapshot, enumWith("a,?", "a"), enumWith("a,😀", "😀"), false, ""},
		{"a label twice", judge.Stream, setWith("x,y,x"), setWith("y,x"), false, "default-set-order"},
		{"other labels", judge.Stream, setWith("x,y"), setWith("y"), false, ""},
		{"another time", judge.Stream, time("45296500000"), time("45298000000"), false, ""},
		{"rounded time in a snapshot", judge.Snapshot, time("45296500000"), time("45297000000"), false, ""},
		{"binary text", judge.Stream, text, octets, false, "charset-binary"},
		{"nullable key", judge.Stream, `{"name":"a","type":["null","int"],"default":null}`, `{"name":"a","type":"int"}`, true, "key-nullable"},
		{"nullable geometry", judge.Stream, geometry, `{"name":"a","type":{"type":"record","name":"Geometry","connect.name":"io.debezium.data.geometry.Geometry"}}`, false, "srid-nullable"},
		{"nullable column", judge.Stream, `{"name":"a","type":["null","int"],"default":null}`, `{"name":"a","type":"int"}`, false, ""},
		{"hexadecimal default", judge.Snapshot, withDefault("bytes", `"FF0"`), withDefault("bytes", `"\u00ff\u0001"`), false, "binary-default-hex"},
		{"hexadecimal default of other bytes", judge.Snapshot, withDefault("bytes", `"FF0"`), withDefault("bytes", `"\u00fe\u0001"`), false, ""},
		{"set default of bytes", judge.Stream, withDefault("bytes", `"null"`), withDefault("bytes", `" "`), false, "binary-default-set"},
		{"set default of bytes in a snapshot", judge.Snapshot, withDefault("bytes", `"null"`), withDefault("bytes", `" "`), false, ""},
		{"long beyond a double", judge.Snapshot, withDefault("long", "9007199254740992"), withDefault("long", "9007199254740993"), false, "default-long"},
		{"another long", judge.Snapshot, withDefault("long", "9007199254740994"), withDefault("long", "9007199254740993"), false, ""},
		{"rounded double", judge.Stream, withDefault("double", "1.00006"), withDefault("double", "1.0001"), false, "default-rounded"},
		{"double rounded to nothing", judge.Stream, withDefault("double", "-3.3e-5"), withDefault("double", "0.0"), false, "default-rounded"},
		{"another double", judge.Stream, withDefault("double", "1.00006"), withDefault("double", "1.0002"), false, ""},
		{"empty default of a blob", judge.Stream, `{"name":"a","type":[{"type":"bytes","connect.default":""},"null"],"default":""}`, `{"name":"a","type":["null","bytes"],"default":null}`, false, "default-blob"},
		{"column missing", judge.Stream, text, `null`, false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := judge.Difference{
				Part: judge.ValueSchema, Phase: test.phase, Path: "fields.before.type.Value.fields.a", Column: "a", InKey: test.inKey,
				Debezium: field(t, test.debezium), Leat: field(t, test.leat),
			}
			d.DebeziumField, d.LeatField = d.Debezium, d.Leat
			explained(t, d, test.want)
		})
	}
}

// explained checks that one rule explains a difference, or none does.
func explained(t *testing.T, d judge.Difference, want string) {
	t.Helper()
	var got []string
	for _, rule := range judge.Rules() {
		if rule.Explains != nil && !rule.Named && rule.Explains(d) {
			got = append(got, rule.Name)
		}
	}
	if want == "" && len(got) > 0 || want != "" && !slices.Equal(got, []string{want}) {
		t.Errorf("explained by %v, want %q", got, want)
	}
}

func TestNamedRules(t *testing.T) {
	t.Parallel()
	one, two := field(t, number), field(t, strings.ReplaceAll(number, "5", "6"))
	differences := map[string]judge.Difference{
		"key-index-dropped": {Part: judge.Key, Phase: judge.Stream, Debezium: "x"},
		"compressed-row":    {Part: judge.Value, Phase: judge.Stream, Path: "source.row", Debezium: int64(0), Leat: int64(3)},
		"charset-altered":   {Part: judge.Value, Phase: judge.Stream, Path: "after.a", Column: "a", Debezium: "\uFFFD\uFFFD", Leat: "汉"},
		"charset-tables":    {Part: judge.Value, Phase: judge.Stream, Path: "after.a", Column: "a", Debezium: "№", Leat: "ⁿ"},
		"default-literal":   {Part: judge.ValueSchema, Phase: judge.Stream, Column: "a", Debezium: one, Leat: two, DebeziumField: one, LeatField: two},
		"snapshot-order":    {Part: judge.Value, Phase: judge.Snapshot, Path: "source.snapshot", Debezium: "first", Leat: "true"},
		"digit-name":        {Part: judge.KeySchema, Path: "namespace", Debezium: "p.d.2t", Leat: "p.d._2t"},
	}
	for _, rule := range judge.Rules() {
		if !rule.Named {
			continue
		}
		if d, there := differences[rule.Name]; !there || !rule.Explains(d) {
			t.Errorf("%s does not explain %v", rule.Name, d)
		}
		for name, d := range differences {
			if name != rule.Name && rule.Explains(d) {
				t.Errorf("%s explains what %s does", rule.Name, name)
			}
		}
	}
}
