package main

import (
	"math"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hamba/avro/v2"

	"github.com/leat-io/leat/sdk"
)

// customers is a table of all types, with the schemas that Debezium makes.
func customers(t *testing.T) *relation {
	t.Helper()
	read := func(part string) *announced {
		b, err := os.ReadFile("testdata/customers-" + part + ".avsc")
		if err != nil {
			t.Fatal(err)
		}
		return newAnnounced(t, "dbserver1.inventory.customers-"+part, string(b))
	}
	return &relation{
		topic: "dbserver1.inventory.customers", union: "dbserver1.inventory.customers.Value", key: read("key"), value: read("value").of("dbserver1.inventory.customers"),
	}
}

// full writes an envelope of the complete source.
func (b *batch) full(t *testing.T, r *relation, order uint64, after values) *batch {
	t.Helper()
	fields := r.value.avro.(*avro.RecordSchema).Fields()
	source := values{}
	for _, f := range fields {
		if f.Name() != "source" {
			continue
		}
		for _, s := range f.Type().(*avro.RecordSchema).Fields() {
			switch s.Type().Type() {
			case avro.String:
				source[s.Name()] = "s"
			case avro.Long:
				source[s.Name()] = int64(1)
			case avro.Int:
				source[s.Name()] = 1
			default:
				source[s.Name()] = nil
			}
		}
	}
	value := r.value.encode(t, values{
		"before": nil, "after": values{r.union: after}, "source": source, "transaction": nil,
		"op": "c", "ts_ms": values{"long": int64(1)}, "ts_us": nil, "ts_ns": nil,
	})
	return b.message(r, sdk.Message{Key: r.key.encode(t, values{"id": after["id"]}), Value: value, Order: [4]uint64{0, 1, order, 1}})
}

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

// least, most and null hold what each type can and cannot be.
func least() values {
	return values{
		"id": int64(1), "ti": -128, "ti1": 0, "bo": values{"boolean": false}, "tu": values{"int": 0}, "si": values{"int": -32768},
		"su": values{"int": 0}, "mi": values{"int": -8388608}, "mu": values{"int": 0}, "i": math.MinInt32,
		"iu": values{"long": int64(0)}, "bi": values{"long": int64(math.MinInt64)},
		"f": values{"float": float32(-math.MaxFloat32)}, "f24": values{"float": float32(math.SmallestNonzeroFloat32)}, "f30": values{"double": -0.1},
		"fm": values{"double": -999.9999}, "d": values{"double": -math.MaxFloat64}, "r": values{"float": float32(-1.5)},
		"de": rat("-99999999.99"), "dn": values{"bytes.decimal": rat("-" + strings.Repeat("9", 38))},
		"b1": values{"boolean": false}, "b8": []byte{0}, "c": values{"string": ""}, "v": "", "t": values{"string": ""},
		"bn": values{"bytes": []byte{0, 0, 0, 0}}, "vb": values{"bytes": []byte{}}, "bl": values{"bytes": []byte{}},
		"e": "a", "se": values{"string": ""}, "j": values{"string": "null"}, "y": values{"int": 1901}, "da": -354285, // 1000-01-01
		"tm":  values{"long": -int64((838*3600+59*60+59)*1e6 + 1)},
		"dt":  values{"long": time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()},
		"dt3": values{"long": time.Date(1969, 12, 31, 23, 59, 59, 999e6, time.UTC).UnixMilli()},
		"dt6": time.Date(1000, 1, 1, 0, 0, 0, 1000, time.UTC).UnixMicro(), "ts": "1970-01-01T00:00:01Z",
		"ts6": values{"string": "1970-01-01T00:00:01.000000Z"},
		"g":   values{"io.debezium.data.geometry.Geometry": values{"wkb": []byte{1}, "srid": nil}},
		"po":  values{"io.debezium.data.geometry.Point": values{"x": -1.0, "y": 0.0, "wkb": nil, "srid": nil}},
		"vec": values{"array": []any{float32(-1), float32(0), float32(0.5)}},
		"gen": values{"int": -1}, "inv": values{"int": 0}, "we_ird_name": values{"int": 1},
	}
}

func most() values {
	m := least()
	for k, v := range (values{
		"id": int64(math.MaxInt64), "ti": 127, "ti1": 1, "bo": values{"boolean": true}, "i": math.MaxInt32,
		"iu": values{"long": int64(math.MaxUint32)}, "bi": values{"long": int64(math.MaxInt64)}, "f": values{"float": float32(106.5)},
		"d": values{"double": math.MaxFloat64}, "de": rat("99999999.99"), "dn": values{"bytes.decimal": rat(strings.Repeat("9", 38))},
		"b1": values{"boolean": true}, "b8": []byte{255}, "c": values{"string": "日本語"}, "v": "😀", "t": values{"string": strings.Repeat("x", 70_000)},
		"bl": values{"bytes": []byte{0, 255}}, "se": values{"string": "x,y"}, "j": values{"string": `{"a": [1, 2.5, "ü"]}`},
		"y": values{"int": 2155}, "da": 2932896,
		"tm":  values{"long": int64((838*3600 + 59*60 + 59) * 1e6)},
		"dt":  values{"long": time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMilli()},
		"dt3": values{"long": time.Date(2024, 2, 29, 12, 0, 0, 5e6, time.UTC).UnixMilli()},
		"dt6": time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC).UnixMicro(), "ts": "2038-01-19T03:14:07Z",
		"ts6": values{"string": "2038-01-19T03:14:07.999999Z"},
		"g":   values{"io.debezium.data.geometry.Geometry": values{"wkb": make([]byte, 300), "srid": values{"int": 4326}}},
	}) {
		m[k] = v
	}
	return m
}

func null() values {
	m := least()
	for k, v := range m {
		if _, ok := v.(values); ok {
			m[k] = nil
		}
	}
	m["id"] = int64(2)
	return m
}

func TestTypes(t *testing.T) {
	t.Parallel()
	s := warehouse(t)
	r := customers(t)
	connect(t, s, nil).write(t, newBatch().full(t, r, 1, least()).full(t, r, 2, null()).full(t, r, 3, most()))

	const schema = "id:INTEGER! ti:INTEGER ti1:INTEGER bo:BOOLEAN tu:INTEGER si:INTEGER su:INTEGER mi:INTEGER mu:INTEGER i:INTEGER iu:INTEGER bi:INTEGER " +
		"f:FLOAT f24:FLOAT f30:FLOAT fm:FLOAT d:FLOAT r:FLOAT de:NUMERIC dn:BIGNUMERIC b1:BOOLEAN b8:BYTES c:STRING v:STRING t:STRING bn:BYTES vb:BYTES bl:BYTES " +
		"e:STRING se:STRING j:JSON y:INTEGER da:DATE tm:STRING dt:DATETIME dt3:DATETIME dt6:DATETIME ts:TIMESTAMP ts6:TIMESTAMP g:RECORD po:RECORD vec:FLOAT " +
		"gen:INTEGER inv:INTEGER we_ird_name:INTEGER"
	if diff := cmp.Diff(schema, columns(t, s, "inventory_customers")); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}

	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	smallest := map[string]any{
		"id": int64(1), "ti": int64(-128), "ti1": int64(0), "bo": false, "tu": int64(0), "si": int64(-32768), "su": int64(0), "mi": int64(-8388608),
		"mu": int64(0), "i": int64(math.MinInt32), "iu": int64(0), "bi": int64(math.MinInt64),
		"f": float64(-math.MaxFloat32), "f24": float64(float32(math.SmallestNonzeroFloat32)), "f30": -0.1, "fm": -999.9999, "d": -math.MaxFloat64, "r": -1.5,
		"de": "-99999999.99", "dn": "-" + strings.Repeat("9", 38), "b1": false, "b8": []byte{0}, "c": "", "v": "", "t": "",
		"bn": []byte{0, 0, 0, 0}, "vb": []byte{}, "bl": []byte{}, "e": "a", "se": "", "j": "null", "y": int64(1901), "da": "1000-01-01",
		"tm": "-838:59:59.000001", "dt": "1000-01-01T00:00:00", "dt3": "1969-12-31T23:59:59.999000", "dt6": "1000-01-01T00:00:00.000001",
		"ts": at("1970-01-01T00:00:01Z"), "ts6": at("1970-01-01T00:00:01Z"),
		"g": map[string]any{"wkb": []byte{1}, "srid": nil}, "po": map[string]any{"x": -1.0, "y": 0.0, "wkb": nil, "srid": nil},
		"vec": []any{-1.0, 0.0, 0.5}, "gen": int64(-1), "inv": int64(0), "we_ird_name": int64(1),
	}
	empty, largest := map[string]any{}, map[string]any{}
	for k, v := range smallest {
		empty[k], largest[k] = v, v
		if null()[k] == nil {
			empty[k] = nil
		}
	}
	empty["id"] = int64(2)
	empty["vec"] = []any{} // BigQuery has no NULL array
	for k, v := range map[string]any{
		"id": int64(math.MaxInt64), "ti": int64(127), "ti1": int64(1), "bo": true, "i": int64(math.MaxInt32), "iu": int64(math.MaxUint32),
		"bi": int64(math.MaxInt64), "f": 106.5, "d": math.MaxFloat64, "de": "99999999.99", "dn": strings.Repeat("9", 38), "b1": true, "b8": []byte{255},
		"c": "日本語", "v": "😀", "t": strings.Repeat("x", 70_000), "bl": []byte{0, 255}, "se": "x,y", "j": `{"a": [1, 2.5, "ü"]}`, "y": int64(2155),
		"da": "9999-12-31", "tm": "838:59:59", "dt": "9999-12-31T23:59:59", "dt3": "2024-02-29T12:00:00.005000", "dt6": "9999-12-31T23:59:59.999999",
		"ts": at("2038-01-19T03:14:07Z"), "ts6": at("2038-01-19T03:14:07.999999Z"), "g": map[string]any{"wkb": make([]byte, 300), "srid": int64(4326)},
	} {
		largest[k] = v
	}
	expect(t, s, "inventory_customers", []map[string]any{smallest, empty, largest})
}
