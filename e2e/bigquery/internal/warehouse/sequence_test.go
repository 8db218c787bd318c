package warehouse

import (
	"strings"
	"testing"
)

func TestSequenceCompare(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b string
		want int
	}{
		"numbers, not text":             {"B", "ABC", -1},
		"first section decides":         {"ABC/0", "AB/FFFF", 1},
		"then the second":               {"FFF/B", "FFF/ABC", -1},
		"the case of digits is nothing": {"abc", "ABC", 0},
		"leading zeros are nothing":     {"0001/2", "1/2", 0},
		"an absent section is zero":     {"1", "1/0/0/0", 0},
		"the greatest":                  {strings.TrimSuffix(strings.Repeat("FFFFFFFFFFFFFFFF/", 4), "/"), "FFFFFFFFFFFFFFFF", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := ParseSequence(tt.a)
			if err != nil {
				t.Fatal(err)
			}
			b, err := ParseSequence(tt.b)
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Compare(b); got != tt.want {
				t.Errorf("Compare(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
			}
			if got := b.Compare(a); got != -tt.want {
				t.Errorf("Compare(%q, %q) = %d, want %d", tt.b, tt.a, got, -tt.want)
			}
		})
	}
}

func TestSequenceRefused(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"empty": "", "empty section": "1//2", "trailing slash": "1/", "five sections": "1/2/3/4/5",
		"no digit": "G", "sign": "+1", "17 digits": "00000000000000001", "prefix": "0x1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if q, err := ParseSequence(s); err == nil {
				t.Errorf("ParseSequence(%q) = %v, want an error", s, q)
			}
		})
	}
}

func FuzzParseSequence(f *testing.F) {
	for _, s := range []string{"", "1", "1/2/3/4", "ffffffffffffffff", "+1/-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseSequence(s)
		if again, _ := ParseSequence(s); q.Compare(again) != 0 {
			t.Errorf("%q differs from itself", s)
		}
		if err == nil && (strings.Count(s, "/") > 3 || len(s) > 67) {
			t.Errorf("%q was taken", s)
		}
	})
}
