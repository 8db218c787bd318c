package query

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sql  string
		want Select
	}{
		"all":         {"SELECT * FROM `my-project.d.t`;", Select{From: []string{"my-project", "d", "t"}, Limit: -1}},
		"bare name":   {"select * from my-project.d.t", Select{From: []string{"my-project", "d", "t"}, Limit: -1}},
		"parts":       {"SELECT * FROM `p`.`d`.`t`", Select{From: []string{"p", "d", "t"}, Limit: -1}},
		"columns":     {"SELECT a, `b c` FROM t LIMIT 5", Select{Columns: []string{"a", "b c"}, From: []string{"t"}, Limit: 5}},
		"count":       {"SELECT COUNT(*) AS n FROM t", Select{Count: true, CountAs: "n", From: []string{"t"}, Limit: -1}},
		"conditions":  {"SELECT * FROM t WHERE a<>-1.5 AND b = 'it\\'s' AND c IS NULL", Select{From: []string{"t"}, Limit: -1, Where: []Condition{{"a", "!=", "-1.5", false}, {"b", "=", "it's", false}, {"c", "=", "", true}}}},
		"typed":       {"SELECT * FROM t WHERE d >= DATE '2026-01-01' AND e = TRUE", Select{From: []string{"t"}, Limit: -1, Where: []Condition{{"d", ">=", "2026-01-01", false}, {"e", "=", "TRUE", false}}}},
		"order by":    {"SELECT * FROM t ORDER BY a DESC, b ASC, c", Select{From: []string{"t"}, Limit: -1, Order: []Order{{"a", true}, {"b", false}, {"c", false}}}},
		"not null":    {"SELECT * FROM t WHERE a IS NOT NULL", Select{From: []string{"t"}, Limit: -1, Where: []Condition{{"a", "!=", "", true}}}},
		"white space": {"\tSELECT\n*\nFROM  t ", Select{From: []string{"t"}, Limit: -1}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.sql)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&Statement{Select: &tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseAlter(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	for sql, want := range map[string]*Alter{
		"ALTER TABLE `p`.`d`.`t` SET OPTIONS (max_staleness = INTERVAL 90 MINUTE)": {Table: []string{"p", "d", "t"}, Staleness: text("0-0 0 1:30:0")},
		"ALTER TABLE d.t SET OPTIONS (max_staleness = INTERVAL 61 SECOND)":         {Table: []string{"d", "t"}, Staleness: text("0-0 0 0:1:1")},
		"alter table d.t set options (max_staleness = NULL)":                       {Table: []string{"d", "t"}, Staleness: text("")},
		"ALTER TABLE d.t ALTER COLUMN c SET DATA TYPE NUMERIC;":                    {Table: []string{"d", "t"}, Column: "c", Type: "NUMERIC"},
		"ALTER TABLE d.t ALTER COLUMN c SET DATA TYPE float64":                     {Table: []string{"d", "t"}, Column: "c", Type: "FLOAT"},
		"ALTER TABLE d.t ADD PRIMARY KEY (a, `b`) NOT ENFORCED":                    {Table: []string{"d", "t"}, AddKey: []string{"a", "b"}},
		"ALTER TABLE d.t DROP PRIMARY KEY":                                         {Table: []string{"d", "t"}, DropKey: true},
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(sql)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.Alter); diff != "" {
				t.Error(diff)
			}
		})
	}
	if s, err := Parse("SELECT 1"); err != nil || !s.Constant || s.Table() != nil {
		t.Errorf("got %+v, %v, want a constant", s, err)
	}
}

func TestParseRefused(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"":                                "expected SELECT",
		"DELETE FROM t":                   `expected SELECT but got "DELETE" at offset 0`,
		"SELECT * FROM t JOIN u":          `expected the end of the statement but got "JOIN" at offset 16`,
		"SELECT SUM(a) FROM t":            `expected FROM but got "(" at offset 10`,
		"SELECT * FROM a.b.c.d":           "expected a table as project.dataset.table",
		"SELECT * FROM t WHERE a":         "expected a comparison",
		"SELECT * FROM t WHERE a = b":     "expected a literal",
		"SELECT * FROM t WHERE a LIKE 'b": "unclosed '",
		"SELECT * FROM t LIMIT -1":        "expected a number of rows",
		"SELECT * FROM t ORDER a":         "expected BY",
		"SELECT # FROM t":                 "unexpected character '#'",
		"ALTER TABLE t RENAME TO u":       "expected SET, ALTER, ADD or DROP",
		"ALTER TABLE t SET OPTIONS (friendly_name = 'x')":                  "expected max_staleness",
		"ALTER TABLE t SET OPTIONS (max_staleness = INTERVAL x MINUTE)":    "expected a number",
		"ALTER TABLE t SET OPTIONS (max_staleness = INTERVAL 1 FORTNIGHT)": "expected SECOND, MINUTE, HOUR or DAY",
		"ALTER TABLE t ADD PRIMARY KEY (a)":                                "expected NOT",
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse(sql); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Parse: %v, want %q", err, want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("SELECT a, b FROM `p.d.t` WHERE c = 'x' AND d IS NOT NULL ORDER BY e DESC LIMIT 3;")
	f.Add("SELECT COUNT(*) AS n FROM t WHERE a >= DATE '2026-01-01'")
	f.Add("SELECT `")
	f.Fuzz(func(t *testing.T, sql string) {
		s, err := Parse(sql)
		if err == nil && (!s.Constant && (len(s.Table()) == 0 || len(s.Table()) > 3)) {
			t.Errorf("Parse(%q) = %+v", sql, s)
		}
	})
}

func TestRun(t *testing.T) {
	t.Parallel()
	field := func(name, typ string) *bq.TableFieldSchema { return &bq.TableFieldSchema{Name: name, Type: typ} }
	fields := []*bq.TableFieldSchema{
		field("i", "INTEGER"), field("f", "FLOAT"), field("b", "BOOLEAN"), field("s", "STRING"), field("n", "NUMERIC"),
		field("t", "TIMESTAMP"), field("d", "DATE"), field("y", "BYTES"), field("r", "RECORD"),
	}
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	rows := []warehouse.Row{
		{"i": int64(1), "f": 0.5, "b": true, "s": "x", "n": warehouse.Decimal("10"), "t": noon, "d": "2026-01-01", "y": []byte("a")},
		{"i": int64(2), "f": 1.5, "b": false, "s": "y", "n": warehouse.Decimal("9.5"), "t": noon.Add(time.Hour), "d": "2026-01-02", "y": []byte("b")},
		{"i": int64(3)},
	}
	tests := map[string]struct {
		where string
		want  []int64
	}{
		"integer":      {"WHERE i > 1", []int64{2, 3}},
		"float":        {"WHERE f <= 0.5", []int64{1}},
		"boolean":      {"WHERE b = false", []int64{2}},
		"string":       {"WHERE s != 'x'", []int64{2}},
		"numeric":      {"WHERE n < 10.0", []int64{2}},
		"timestamp":    {"WHERE t >= TIMESTAMP '2026-01-01 12:30:00 UTC'", []int64{2}},
		"date":         {"WHERE d = DATE '2026-01-01'", []int64{1}},
		"bytes":        {"WHERE y = 'b'", []int64{2}},
		"null":         {"WHERE s IS NULL", []int64{3}},
		"and":          {"WHERE i > 1 AND s IS NOT NULL", []int64{2}},
		"order, limit": {"ORDER BY n DESC, i LIMIT 2", []int64{1, 2}},
		"nulls first":  {"ORDER BY s", []int64{3, 1, 2}},
		"limit 0":      {"LIMIT 0", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := Parse("SELECT I FROM t " + tt.where)
			if err != nil {
				t.Fatal(err)
			}
			columns, out, err := s.Select.Run(fields, rows)
			if err != nil {
				t.Fatal(err)
			}
			var got []int64
			for _, r := range out {
				got = append(got, r[columns[0].Name].(int64))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for name, sql := range map[string]string{
		"unknown column":          "SELECT nope FROM t",
		"unknown in where":        "SELECT * FROM t WHERE nope = 1",
		"unknown in order":        "SELECT * FROM t ORDER BY nope",
		"literal of another type": "SELECT * FROM t WHERE i = 'x'",
		"not a timestamp":         "SELECT * FROM t WHERE t = 'x'",
		"record":                  "SELECT * FROM t WHERE r = 'x'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := Parse(sql)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.Select.Run(fields, rows); err == nil {
				t.Error("want an error")
			}
		})
	}
}
