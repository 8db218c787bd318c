package config_test

import (
	"testing"

	"github.com/leat-io/leat/sdk/config"
)

func TestParseSize(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want config.Size
		text string
	}{
		"0": {0, "0"}, "1": {1, "1B"}, "512B": {512, "512B"}, "1000": {1000, "1kB"}, "1kB": {1000, "1kB"},
		"64MiB": {64 << 20, "64MiB"}, "64 mib": {64 << 20, "64MiB"}, "1.5GiB": {3 << 29, "1536MiB"},
		"1MB": {1000000, "1MB"}, "2TB": {2e12, "2TB"}, "1TiB": {1 << 40, "1TiB"},
		"9223372036854775807": {1<<63 - 1, "9223372036854775807B"},
	}
	for give, tt := range tests {
		t.Run(give, func(t *testing.T) {
			t.Parallel()
			got, err := config.ParseSize(give)
			if err != nil || got != tt.want || got.String() != tt.text {
				t.Errorf("got %d %s %v, want %d %s", got, got, err, tt.want, tt.text)
			}
		})
	}
}

func TestParseSizeRefuses(t *testing.T) {
	t.Parallel()
	for _, give := range []string{"", "MiB", "-1", "+1", "1M", "1 MiB x", "1.2.3kB", "0.5B", ".", "9223372036854775808", "9000000TiB", "1e3"} {
		t.Run(give, func(t *testing.T) {
			t.Parallel()
			if got, err := config.ParseSize(give); err == nil {
				t.Errorf("got %s, want an error", got)
			}
		})
	}
}

func FuzzParseSize(f *testing.F) {
	f.Add("1.5GiB")
	f.Fuzz(func(t *testing.T, text string) {
		size, err := config.ParseSize(text)
		if err != nil {
			return
		}
		again, err := config.ParseSize(size.String())
		if err != nil || again != size || size < 0 {
			t.Errorf("%q is %d, its text %s is %d, %v", text, size, size, again, err)
		}
	})
}
