package rows

import (
	"math/big"
	"strings"
	"testing"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	numeric := &bq.TableFieldSchema{Type: "NUMERIC"}
	money := &bq.TableFieldSchema{Type: "NUMERIC", Precision: 5, Scale: 2}
	big1 := &bq.TableFieldSchema{Type: "BIGNUMERIC"}
	nines := strings.Repeat("9", 29)
	tests := map[string]struct {
		field *bq.TableFieldSchema
		in    string
		want  string // "" is refused
	}{
		"zero":                  {numeric, "0.000", "0"},
		"trailing zeros go":     {numeric, "1.50", "1.5"},
		"whole zeros stay":      {numeric, "100", "100"},
		"sign":                  {numeric, "-0.1", "-0.1"},
		"exponent":              {numeric, "1.5e3", "1500"},
		"greatest":              {numeric, nines + ".999999999", nines + ".999999999"},
		"too great":             {numeric, "1" + strings.Repeat("0", 29), ""},
		"ten digits":            {numeric, "0.0000000001", ""},
		"not a number":          {numeric, "1,5", ""},
		"empty":                 {numeric, "", ""},
		"fraction":              {numeric, "1/2", ""},
		"hexadecimal":           {numeric, "0x10", ""},
		"exponent of a million": {numeric, "1e1000000", ""},
		"column's precision":    {money, "999.99", "999.99"},
		"beyond its precision":  {money, "1000", ""},
		"beyond its scale":      {money, "0.001", ""},
		"bignumeric digits":     {big1, "0." + strings.Repeat("0", 37) + "1", "0." + strings.Repeat("0", 37) + "1"},
		"bignumeric greatest":   {big1, "5" + strings.Repeat("0", 38), "5" + strings.Repeat("0", 38)},
		"bignumeric too great":  {big1, "6" + strings.Repeat("0", 38), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decimalLimit(tt.field).parse(tt.in)
			if tt.want == "" {
				if err == nil {
					t.Errorf("parse(%q) = %v, want an error", tt.in, got)
				}
				return
			}
			if err != nil || got != warehouse.Decimal(tt.want) {
				t.Errorf("parse(%q) = %v, %v, want %s", tt.in, got, err, tt.want)
			}
		})
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-1.5", "1e10", ".5", "5.", "9999999999999999999999999999999999999"} {
		f.Add(s)
	}
	l := decimalLimit(&bq.TableFieldSchema{Type: "BIGNUMERIC"})
	f.Fuzz(func(t *testing.T, s string) {
		v, err := l.parse(s)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(s)
		if !ok || v.(warehouse.Decimal).Rat().Cmp(want) != 0 {
			t.Errorf("parse(%q) = %v", s, v)
		}
	})
}
