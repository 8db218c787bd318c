package micro

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const out = `goos: linux
pkg: github.com/leat-io/leat/sdk/frame
cpu: Some CPU
BenchmarkRelay-2   	   10000	    101.5 ns/op	 99.00 MB/s	       0 B/op	       0 allocs/op
BenchmarkRelay-2   	   10000	    103 ns/op	 98.00 MB/s	       0 B/op	       1 allocs/op
PASS
ok  	github.com/leat-io/leat/sdk/frame	1.2s
pkg: github.com/leat-io/leat/plugins/avro-transform
BenchmarkEmit/8_columns   	   5	    300 ns/op
`
	want := []result.Benchmark{
		{Package: "sdk/frame", Name: "Relay", Metrics: map[string][]float64{
			"ns/op": {101.5, 103}, "MB/s": {99, 98}, "B/op": {0, 0}, "allocs/op": {0, 1},
		}},
		{Package: "plugins/avro-transform", Name: "Emit/8_columns", Metrics: map[string][]float64{"ns/op": {300}}},
	}
	got, err := Parse(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a value without a unit": "BenchmarkX-2 10 1.5 ns/op 3",
		"not a number":           "BenchmarkX-2 10 fast ns/op",
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse(strings.NewReader(in)); err == nil {
				t.Error("no error")
			}
		})
	}
}
