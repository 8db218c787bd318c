package java_test

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/java"
)

func TestAppendDouble(t *testing.T) {
	t.Parallel()
	tests := map[float64]string{
		0: "0.0", math.Copysign(0, -1): "-0.0", 1: "1.0", -1.25: "-1.25", 0.1: "0.1", 100: "100.0",
		9999999: "9999999.0", 1e7: "1.0E7", 1.5e10: "1.5E10", -1e10: "-1.0E10", 1e-3: "0.001", 9.99e-4: "9.99E-4",
		-1e-4: "-1.0E-4", math.MaxFloat64: "1.7976931348623157E308", math.SmallestNonzeroFloat64: "4.9E-324",
		math.Inf(1): "Infinity", math.Inf(-1): "-Infinity",
	}
	for v, want := range tests {
		if diff := cmp.Diff(want, string(java.AppendDouble(nil, v))); diff != "" {
			t.Error(diff)
		}
	}
	if got := string(java.AppendDouble([]byte("x"), math.NaN())); got != "xNaN" {
		t.Errorf("got %s", got)
	}
}

func TestAppendFloat(t *testing.T) {
	t.Parallel()
	tests := map[float32]string{
		0.1: "0.1", 1e10: "1.0E10", math.MaxFloat32: "3.4028235E38", 1e-4: "1.0E-4", 123456.79: "123456.79",
		1e7: "1.0E7", math.SmallestNonzeroFloat32: "1.4E-45",
	}
	for v, want := range tests {
		if diff := cmp.Diff(want, string(java.AppendFloat(nil, v))); diff != "" {
			t.Error(diff)
		}
	}
}

func FuzzAppendDouble(f *testing.F) {
	f.Add(1e7)
	f.Add(-4.9e-324)
	f.Fuzz(func(t *testing.T, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		s := string(java.AppendDouble(nil, v))
		if back, err := strconv.ParseFloat(s, 64); err != nil || back != v {
			t.Errorf("%v became %s", v, s)
		}
	})
}

func TestAppendDecimal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		unscaled string
		scale    int
		want     string
	}{
		"a whole number":             {"-42", 0, "-42"},
		"digits on both sides":       {"12345", 2, "123.45"},
		"zeros behind the point":     {"-5", 3, "-0.005"},
		"as many digits as scale":    {"12", 2, "0.12"},
		"zero keeps its scale":       {"0", 2, "0.00"},
		"an exponent of -6 is plain": {"1", 6, "0.000001"},
		"an exponent of -7 is not":   {"1", 7, "1E-7"},
		"a small number with digits": {"-123", 10, "-1.23E-8"},
		"a small zero":               {"0", 8, "0E-8"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, _ := new(big.Int).SetString(tt.unscaled, 10)
			if diff := cmp.Diff(tt.want, string(java.AppendDecimal(nil, n, tt.scale))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
