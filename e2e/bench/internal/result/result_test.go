package result

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.json")
	f, err := Read(path)
	if err != nil || len(f.Workloads) != 0 {
		t.Fatalf("got %+v, %v; want an empty file", f, err)
	}
	when := Conditions{When: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Versions: map[string]string{"leat": "v1"}}
	f.Put(Workload{Conditions: when, Name: "latency", Rate: 200, Samples: []Sample{{Contender: "leat", Latency: &Latency{P50: 1}}}})
	f.Put(Workload{Name: "latency", Rate: 2000})
	f.Put(Workload{Name: "latency", Rate: 2000, Title: "newer"})
	if err := f.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(f, got); d != "" {
		t.Error(d)
	}
	if len(got.Workloads) != 2 || got.Workloads[1].Title != "newer" {
		t.Errorf("workloads %+v, want one of each rate", got.Workloads)
	}
}

func TestReadDamagedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil {
		t.Error("no error")
	}
}

func TestSamples(t *testing.T) {
	t.Parallel()
	w := Workload{Samples: []Sample{
		{Contender: "b", Round: 1, Records: 500_000, Elapsed: 2, StartCPU: 1, CPU: 2},
		{Contender: "a", Round: 1},
		{Contender: "b", Round: 2, Records: 500_000, Elapsed: 4, StartCPU: 1, CPU: 4},
	}}
	if d := cmp.Diff([]string{"b", "a"}, w.Contenders()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(Spread{187_500, 125_000, 250_000}, SpreadOf(w.Of("b"), (*Sample).RowsPerSecond)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(Spread{8, 6, 10}, SpreadOf(w.Of("b"), (*Sample).CPUPerMillion)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(Spread{6, 4, 8}, SpreadOf(w.Of("b"), (*Sample).LaterCPUPerMillion)); d != "" {
		t.Error(d)
	}
}

func TestNewSpread(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values []float64
		want   Spread
	}{
		"OK":           {values: []float64{3, 1, 2}, want: Spread{2, 1, 3}},
		"even number":  {values: []float64{4, 1, 2, 3}, want: Spread{2.5, 1, 4}},
		"one":          {values: []float64{7}, want: Spread{7, 7, 7}},
		"none is none": {want: Spread{math.NaN(), math.NaN(), math.NaN()}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, NewSpread(tt.values), equalNaN); d != "" {
				t.Error(d)
			}
		})
	}
}

var equalNaN = cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })

func TestQuantile(t *testing.T) {
	t.Parallel()
	values := make([]float64, 200)
	for i := range values {
		values[i] = float64(i + 1)
	}
	for q, want := range map[float64]float64{0: 1, 0.5: 100, 0.99: 198, 1: 200} {
		if got := Quantile(values, q); got != want {
			t.Errorf("quantile %v = %v, want %v", q, got, want)
		}
	}
	if got := Quantile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("quantile of nothing = %v", got)
	}
}
