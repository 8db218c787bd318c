package row

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readJSON(t *testing.T, raw string) (string, error) {
	t.Helper()
	dst, err := jsonRaw(nil, []byte(raw), nil)
	if err != nil {
		return "", err
	}
	_, n := readLong(dst)
	return string(dst[n:]), nil
}

func TestJSONRaw(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ raw, want string }{
		"no bytes":                    {"", "null"},
		"literal":                     {"\x04\x02", "false"},
		"int16":                       {"\x05\xff\xff", "-1"},
		"uint16":                      {"\x06\xff\xff", "65535"},
		"int32":                       {"\x07\x00\x00\x00\x80", "-2147483648"},
		"uint32":                      {"\x08\xff\xff\xff\xff", "4294967295"},
		"int64":                       {"\x09\xff\xff\xff\xff\xff\xff\xff\xff", "-1"},
		"uint64":                      {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"},
		"double":                      {"\x0b\x00\x00\x00\x00\x00\x00\xf0\x3f", "1.0"},
		"string":                      {"\x0c\x02a\x1f", `"a\u001F"`},
		"empty object":                {"\x00\x00\x00\x04\x00", "{}"},
		"object":                      {"\x00\x01\x00\x0c\x00\x0b\x00\x01\x00\x04\x00\x00k", `{"k":null}`},
		"large array with an int32":   {"\x03\x01\x00\x00\x00\x0d\x00\x00\x00\x07\xfe\xff\xff\xff", "[-2]"},
		"small array with its string": {"\x02\x01\x00\x09\x00\x0c\x07\x00\x01b", `["b"]`},
		"DECIMAL":                     {"\x0f\xf6\x04\x03\x01\x80\x05", "0.5"},
		"bytes":                       {"\x0f\xfc\x01x", `"base64:type252:eA=="`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := readJSON(t, test.raw)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Error(err, diff)
			}
		})
	}
}

func TestJSONRaw_damaged(t *testing.T) {
	t.Parallel()
	bomb := "\x02\x03\x00\xff\x00" + strings.Repeat("\x02\x00\x00", 3) + strings.Repeat("\x00", 300)
	tests := map[string]string{
		"unknown type":             "\x0d\x00",
		"literal above two":        "\x04\x03",
		"half an integer":          "\x05\x01",
		"not a number":             "\x0b\x00\x00\x00\x00\x00\x00\xf8\x7f",
		"string without length":    "\x0c\xff\xff\xff\xff\xff",
		"string beyond the end":    "\x0c\x05ab",
		"string that is no UTF-8":  "\x0c\x01\xff",
		"array of half a header":   "\x02\x01\x00",
		"array beyond the end":     "\x02\x01\x00\xff\x00",
		"more entries than bytes":  "\x02\x09\x00\x04\x00",
		"value beyond the end":     "\x02\x01\x00\x07\x00\x0c\x08\x00",
		"key beyond the end":       "\x00\x01\x00\x0c\x00\x0b\x00\x09\x00\x04\x00\x00k",
		"array within itself":      bomb,
		"DECIMAL of no digits":     "\x0f\xf6\x02\x00\x00",
		"DECIMAL of wrong size":    "\x0f\xf6\x04\x09\x01\x80\x05",
		"date of four bytes":       "\x0f\x0a\x04\x00\x00\x00\x00",
		"time of 63 seconds":       "\x0f\x0b\x08\x00\x00\x00\x3f\x00\x00\x00\x00",
		"own type without a value": "\x0f",
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := readJSON(t, raw); !errors.Is(err, errJSON) {
				t.Errorf("got %s, error %v", got, err)
			}
		})
	}
}
