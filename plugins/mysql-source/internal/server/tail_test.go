package server

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseDomains(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want map[uint32]uint64
		err  error
	}{
		"OK":                  {"0-1-100", map[uint32]uint64{0: 100}, nil},
		"OK nothing":          {"", map[uint32]uint64{}, nil},
		"OK several":          {"0-1-100,4294967295-7-18446744073709551615", map[uint32]uint64{0: 100, 4294967295: 18446744073709551615}, nil},
		"OK servers of one":   {"0-1-100,0-2-99", map[uint32]uint64{0: 100}, nil},
		"ErrDomains parts":    {"0-100", nil, errDomains},
		"ErrDomains domain":   {"x-1-100", nil, errDomains},
		"ErrDomains sequence": {"0-1-", nil, errDomains},
		"ErrDomains MySQL's":  {"aaaaaaaa-0000-0000-0000-000000000000:1-3", nil, errDomains},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDomains(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v\n%s", err, tt.err, diff)
			}
		})
	}
}
