package sdk

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		give Position
		want string
	}{
		"OK":           {Position{Base: []byte("gtid"), Skip: 3}, "\x03gtid"},
		"nothing done": {Position{Base: []byte("gtid")}, "\x00gtid"},
		"no base":      {Position{Base: []byte{}, Skip: 300}, "\xac\x02"},
		"largest":      {Position{Base: []byte{0xff}, Skip: math.MaxUint64}, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xff"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := tt.give.AppendBinary([]byte("before"))
			if err != nil || string(b) != "before"+tt.want {
				t.Fatalf("got %q, error %v", b, err)
			}
			got, err := ParsePosition([]byte(tt.want))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.give, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for name, b := range map[string][]byte{"empty": nil, "number without an end": {0xff}, "number too large": []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")} {
		t.Run("errPosition: "+name, func(t *testing.T) {
			t.Parallel()
			if _, err := ParsePosition(b); !errors.Is(err, errPosition) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzParsePosition(f *testing.F) {
	f.Add([]byte("\x03gtid"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParsePosition(b)
		if err != nil {
			return
		}
		out, _ := p.AppendBinary(nil)
		again, err := ParsePosition(out)
		if diff := cmp.Diff(p, again); err != nil || diff != "" {
			t.Errorf("error %v:\n%s", err, diff)
		}
	})
}
