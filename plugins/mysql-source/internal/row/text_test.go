package row_test

import (
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
)

func textValue(s string) mysql.FieldValue {
	return mysql.NewFieldValue(mysql.FieldValueTypeString, 0, []byte(s))
}

func TestPlan_FromText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		column string
		value  mysql.FieldValue
		want   string
	}{
		"NULL":                        {"INT", mysql.FieldValue{}, "\x00"},
		"NULL with a default":         {"INT DEFAULT 3", mysql.FieldValue{}, "\x02"},
		"integer":                     {"INT NOT NULL", mysql.NewFieldValue(mysql.FieldValueTypeSigned, 1, nil), "\x02"},
		"DECIMAL with fewer digits":   {"DECIMAL(9,2) NOT NULL", textValue("1.5"), "\x04\x00\x96"},
		"TIME without a fraction":     {"TIME NOT NULL", textValue("-00:00:01"), "\xff\x88\x7a"},
		"zero DATE":                   {"DATE", textValue("0000-00-00"), "\x00"},
		"TIMESTAMP in seconds":        {"TIMESTAMP NOT NULL", mysql.NewFieldValue(mysql.FieldValueTypeSigned, 1, nil), "\x281970-01-01T00:00:01Z"},
		"JSON loses spaces":           {"JSON NOT NULL", textValue(`{"a b": [1, 2.50, "\u001f \"", 1e7]}`), "\x4a" + `{"a b":[1,2.50,"\u001F \"",10000000]}`},
		"JSON has a decimal as it is": {"JSON NOT NULL", textValue(`12345678.10`), "\x1612345678.10"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out row.Row
			if err := compile(t, "`c` "+test.column).FromText([]mysql.FieldValue{test.value}, &out); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(out.Value)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlan_FromText_errors(t *testing.T) {
	t.Parallel()
	number := mysql.NewFieldValue(mysql.FieldValueTypeSigned, 1, nil)
	tests := map[string]struct {
		column string
		value  mysql.FieldValue
	}{
		"NULL where there is none":      {"INT NOT NULL", mysql.FieldValue{}},
		"text for an integer":           {"INT", textValue("1")},
		"text for a FLOAT":              {"FLOAT", textValue("1")},
		"text for a DOUBLE":             {"DOUBLE", textValue("1")},
		"text for an ENUM":              {"ENUM('a')", textValue("a")},
		"text for a SET":                {"SET('a')", textValue("a")},
		"a number for text":             {"TEXT", number},
		"a number for JSON":             {"JSON", number},
		"a number for a DECIMAL":        {"DECIMAL(5,2)", number},
		"a DECIMAL with more digits":    {"DECIMAL(5,2)", textValue("1.234")},
		"a DECIMAL without digits":      {"DECIMAL(5,2)", textValue("-")},
		"a DECIMAL with two points":     {"DECIMAL(5,2)", textValue("1.2.3")},
		"a date of two numbers":         {"DATE", textValue("2020-01")},
		"a date that does not exist":    {"DATE", textValue("2021-02-29")},
		"a datetime without a time":     {"DATETIME", textValue("2020-01-01")},
		"a time of 60 seconds":          {"TIME", textValue("00:00:60")},
		"a time with seven digits":      {"TIME(6)", textValue("00:00:00.1234567")},
		"a timestamp before 1970":       {"TIMESTAMP(3)", textValue("-1.000")},
		"a BIT of two bytes":            {"BIT(1)", textValue("\x00\x01")},
		"BITs of too few bytes":         {"BIT(9)", textValue("\x01")},
		"a JSON string that never ends": {"JSON", textValue(`"a\"`)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out row.Row
			err := compile(t, "`c` "+test.column).FromText([]mysql.FieldValue{test.value}, &out)
			if err == nil || !strings.Contains(err.Error(), "encode column c of table d.t: ") {
				t.Errorf("got error %v and value %x", err, out.Value)
			}
		})
	}
	var out row.Row
	if err := compile(t, "a INT").FromText(nil, &out); err == nil {
		t.Error("no value is taken for a row of one column")
	}
}
