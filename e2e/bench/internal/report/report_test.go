package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

var update = flag.Bool("update", false, "write what the report is now to testdata")

func sample() *result.File {
	conditions := result.Conditions{
		When:     time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		Machine:  result.Machine{CPU: "Some <CPU>", Cores: 2, Memory: 8 << 30, Kernel: "6.1"},
		Versions: map[string]string{"leat": "v1", Again: "v1", "debezium": "3.6", "MySQL": "9.7"},
	}
	run := func(contender string, round int, elapsed, cpu float64) result.Sample {
		return result.Sample{
			Contender: contender, Round: round, Start: 1, StartCPU: 0.5, Elapsed: elapsed, CPU: cpu, Peak: 200 * mib, Records: 1_000_000,
			ByProcess:     map[string]float64{"leat": cpu / 4, "kafka-sink": cpu / 2},
			PeakByProcess: map[string]int64{"leat": 80 * mib, "kafka-sink": 120 * mib},
		}
	}
	slow := func(contender string, p50 float64) result.Sample {
		return result.Sample{
			Contender: contender, Round: 1, Elapsed: 30, CPU: 3, Peak: 100 * mib, Records: 6000,
			Latency: &result.Latency{P50: p50, P99: 2 * p50, Max: 10 * p50},
		}
	}
	return &result.File{
		Workloads: []result.Workload{
			{
				Conditions: conditions, Name: "snapshot", Title: "Snapshot", Records: 1_000_000, Command: "bench -rows 1000000",
				Samples: []result.Sample{
					run(leat, 1, 2, 3), run(debezium, 1, 20, 30), run(Again, 1, 2, 3),
					run(leat, 2, 2.5, 3.5), run(debezium, 2, 25, 35), run(Again, 2, 2.5, 3.5),
				},
			},
			{
				Conditions: conditions, Name: "latency", Title: "Latency", Rate: 200,
				Samples: []result.Sample{slow(leat, 1.5), slow(debezium, 250), slow(debezium+"-poll10ms", 9), slow(Again, 1.6)},
			},
			{Conditions: conditions, Name: "huge", Title: "Leat alone", Records: 10, Samples: []result.Sample{run(leat, 1, 1, 1)}},
		},
		Micro: &result.Micro{Conditions: conditions, Benchmarks: []result.Benchmark{
			{Package: "sdk/frame", Name: "Relay", Metrics: map[string][]float64{"ns/op": {120, 100}, "allocs/op": {0, 0}, "records/s": {5e6, 6e6}}},
		}},
	}
}

func TestWriteTo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if *update {
		dir = "testdata"
	}
	if err := WriteTo(dir, sample()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"benchmarks.md", "benchmarks.svg"} {
		want, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("%s; run with -update if that is meant:\n%s", name, d)
		}
	}
}

func TestWriteToFolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	if err := WriteTo(filepath.Join(t.TempDir(), "none"), sample()); err == nil {
		t.Error("no error")
	}
}

func TestChartIsXML(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	f := sample()
	f.Workloads[0].Name = "<&>"
	if err := Chart(&b, f); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(&b); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestReportOfNothing(t *testing.T) {
	t.Parallel()
	var page, chart bytes.Buffer
	if err := errors.Join(Markdown(&page, &result.File{}), Chart(&chart, &result.File{})); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "NaN") || strings.Contains(chart.String(), "NaN") {
		t.Error("NaN is shown")
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0.00", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 1234: "1,230", 1_234_567: "1,230,000", 999.6: "1,000", -12.34: "-12.3", 99.96: "100.0",
	} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
	if got := ratio(1, 0); got != "–" {
		t.Errorf("ratio to nothing = %q", got)
	}
}
