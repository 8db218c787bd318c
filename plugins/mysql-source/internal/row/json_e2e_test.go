//go:build e2e

package row_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// jsonCases are documents in SQL and what they must read as.
var jsonCases = []struct{ sql, want string }{
	{`'{"b": 1, "a": [true, false, null, "x"], "": {}}'`, `{"":{},"a":[true,false,null,"x"],"b":1}`},
	{`'[]'`, `[]`},
	{`'null'`, `null`},
	{`'"a b"'`, `"a b"`},
	{`'0'`, `0`},
	{`'-1'`, `-1`},
	{`'65535'`, `65535`},
	{`'2147483648'`, `2147483648`},
	{`'[9223372036854775807, 18446744073709551615, -9223372036854775808]'`, `[9223372036854775807,18446744073709551615,-9223372036854775808]`},
	{`'[1.0, -0.0, 0.1, 1e6, 9999999.5, 0.001, 106.03176]'`, `[1.0,-0.0,0.1,1000000.0,9999999.5,0.001,106.03176]`},
	{`'[1e7, 12345678.9, 1e20, 1e-5]'`, `[10000000,12345678.90000000037252902984619140625,100000000000000000000,0.000010000000000000000818030539140313095458623138256371021270751953125]`},
	{`'[18446744073709551616, 1.7976931348623157e308]'`, `[18446744073709551616,17976931348623157081` + strings.Repeat("?", 289)},
	{`JSON_QUOTE('\\"\b\f\n\r\t\0\Z/é😀\u007f')`, ``},
	{`CAST('["\\u0001\\u001f\\"\\\\ \\u2028 \\/ é😀"]' AS JSON)`, "[\"\\u0001\\u001F\\\"\\\\ \u2028 / é😀\"]"},
	{`'{"k\\"\\n\\u001e": " a : b , c "}'`, `{"k\"\n\u001E":" a : b , c "}`},
	{`JSON_OBJECT('d', CAST('1.50' AS DECIMAL(10,2)))`, `{"d":1.50}`},
	{`JSON_ARRAY(CAST('-0.05' AS DECIMAL(10,2)), CAST(7 AS DECIMAL(5,0)))`, `[-0.05,7]`},
	{`JSON_ARRAY(CAST('99999999999999999999999999999999999.000000000000000000000000000001' AS DECIMAL(65,30)))`, `[99999999999999999999999999999999999.000000000000000000000000000001]`},
	{`JSON_ARRAY(CAST('0.00001' AS DECIMAL(10,5)))`, `[0.000010000000000000000818030539140313095458623138256371021270751953125]`},
	{
		`JSON_ARRAY(CAST('2015-01-15 23:24:25.12' AS DATETIME(2)), CAST('2015-01-15' AS DATE), CAST('-838:59:59' AS TIME), CAST('01:02:03.004' AS TIME(3)))`,
		`["2015-01-15 23:24:25.120000","2015-01-15","-838:59:59.000000","01:02:03.004000"]`,
	},
	{`JSON_ARRAY(CAST('x' AS BINARY), b'101', 0xff, ST_AsGeoJSON(POINT(1, 2)))`, `["base64:type15:eA==","base64:type15:BQ==","base64:type15:/w==",{"type":"Point","coordinates":[1.0,2.0]}]`},
	{`CONCAT('{"a": "', REPEAT('x', 70000), '"}')`, `{"a":"` + strings.Repeat("x", 70000) + `"}`},
	{`CONCAT('[', REPEAT('100000,', 20000), '1]')`, "[" + strings.Repeat("100000,", 20000) + "1]"},
	{`CONCAT(REPEAT('[', 99), REPEAT(']', 99))`, strings.Repeat("[", 99) + strings.Repeat("]", 99)},
	{`NULL`, "NULL"},
}

func TestJSON(t *testing.T) {
	conn := connect(t)
	execute(t, conn, "SET group_concat_max_len=1000000")
	other := connect(t)
	execute(t, other, "SET NAMES latin1")
	for i, c := range jsonCases {
		t.Run(c.sql[:min(len(c.sql), 60)], func(t *testing.T) {
			name := fmt.Sprintf("j%d", i)
			plan, logged := insertAndRead(t, conn, "leat_row_json", name,
				"CREATE TABLE "+name+" (j JSON)", "INSERT INTO "+name+" VALUES ("+c.sql+")")
			if diff := cmp.Diff(logged, selectRows(t, other, plan, "j")); diff != "" {
				t.Fatalf("the log (-) and a SELECT (+) differ:\n%s", diff)
			}
			got := printRow(t, plan.Schema(), logged[0].Value)[0]
			if got != "NULL" && !json.Valid([]byte(got)) {
				t.Errorf("got %s, which is not JSON", got)
			}
			if c.want != "" && got != c.want && !strings.HasSuffix(c.want, "?") {
				t.Error(cmp.Diff(c.want, got))
			}
		})
	}
}

// TestJSONDoubles wants the same text of random doubles from log and SELECT,
// and the double again when it is read.
func TestJSONDoubles(t *testing.T) {
	conn := connect(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var want []float64
	var b strings.Builder
	for len(want) < 5000 {
		f := math.Float64frombits(random.Uint64())
		if len(want)%2 == 0 {
			f = math.Round(random.NormFloat64()*1e9) / math.Pow10(random.IntN(12))
		}
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		want = append(want, f)
		fmt.Fprintf(&b, ",%e", f)
	}
	plan, logged := insertAndRead(t, conn, "leat_row_json", "doubles",
		"CREATE TABLE doubles (j JSON)", "INSERT INTO doubles VALUES ('["+b.String()[1:]+"]')")
	if diff := cmp.Diff(logged, selectRows(t, conn, plan, "j")); diff != "" {
		t.Fatalf("the log (-) and a SELECT (+) differ:\n%.2000s", diff)
	}
	var got []float64
	if err := json.Unmarshal([]byte(printRow(t, plan.Schema(), logged[0].Value)[0]), &got); err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if parsed := fmt.Sprintf("%e", want[i]); fmt.Sprintf("%e", got[i]) != parsed {
			t.Errorf("got %v, want %v", got[i], want[i])
		}
	}
}
