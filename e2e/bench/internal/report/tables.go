package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

// summary sets leat beside Debezium, where both were measured.
func (p *page) summary(f *result.File) {
	p.raw("\n## In short\n")
	p.table("workload", "rows/s", "Debezium", "leat is", "CPU s/million (without the start)", "Debezium", "memory MiB", "Debezium", "start s", "Debezium")
	for i := range f.Workloads {
		w := &f.Workloads[i]
		a, b := w.Of(leat), w.Of(debezium)
		if w.Rate > 0 || len(a) == 0 || len(b) == 0 {
			continue
		}
		cells := []string{w.Title, median(a, rows), median(b, rows), ratio(mid(a, rows), mid(b, rows))}
		for _, s := range [][]*result.Sample{a, b} {
			cells = append(cells, median(s, cpu)+" ("+median(s, later)+")")
		}
		for _, of := range []func(*result.Sample) float64{memory, start} {
			cells = append(cells, median(a, of), median(b, of))
		}
		p.row(cells...)
	}
	p.table("workload", "p50 ms", "p99 ms", "max ms")
	for i := range f.Workloads {
		w := &f.Workloads[i]
		for _, c := range w.Contenders() {
			if s := w.Of(c); w.Rate > 0 && c != Again {
				p.row(w.Title+": "+c, median(s, p50), median(s, p99), median(s, slowest))
			}
		}
	}
}

func mid(s []*result.Sample, of func(*result.Sample) float64) float64 {
	return result.SpreadOf(s, of).Median
}

func median(s []*result.Sample, of func(*result.Sample) float64) string { return number(mid(s, of)) }

func (p *page) throughput(w *result.Workload) {
	p.f("\n## %s\n", w.Title)
	p.table("", "rows/s", "CPU s per million rows", "without the start", "memory MiB", "start s")
	for _, c := range w.Contenders() {
		s := w.Of(c)
		cells := []string{c}
		for _, of := range []func(*result.Sample) float64{rows, cpu, later, memory, start} {
			cells = append(cells, spread(result.SpreadOf(s, of)))
		}
		p.row(cells...)
	}
	p.itself(w, rows, "rows/s", cpu)
	p.processes(w)
	p.conditions(w)
}

func (p *page) latency(w *result.Workload) {
	p.f("\n## %s\n", w.Title)
	p.table("", "p50 ms", "p99 ms", "max ms", "CPU % of a core", "memory MiB")
	for _, c := range w.Contenders() {
		s := w.Of(c)
		cells := []string{c}
		for _, of := range []func(*result.Sample) float64{p50, p99, slowest, share, memory} {
			cells = append(cells, spread(result.SpreadOf(s, of)))
		}
		p.row(cells...)
	}
	p.itself(w, p50, "p50", share)
	p.conditions(w)
}

// itself is the A/A line.
func (p *page) itself(w *result.Workload, of func(*result.Sample) float64, what string, time func(*result.Sample) float64) {
	a, b := w.Of(leat), w.Of(Again)
	if len(a) == 0 || len(b) == 0 {
		return
	}
	p.f("\nA/A: the second leat has %.2f times the %s of the first, and %.2f times its CPU time.\n",
		mid(b, of)/mid(a, of), what, mid(b, time)/mid(a, time))
}

// processes says where leat's CPU time and memory go.
func (p *page) processes(w *result.Workload) {
	samples := w.Of(leat)
	if len(samples) == 0 {
		return
	}
	cpu := shares(samples, func(s *result.Sample, name string) float64 { return s.ByProcess[name] * 1e6 / float64(s.Records) })
	memory := shares(samples, func(s *result.Sample, name string) float64 { return float64(s.PeakByProcess[name]) / mib })
	p.f("\nleat's CPU s per million rows by process: %s.", cpu)
	p.f(" MiB: %s.\n", memory)
}

// shares lists the medians of all processes, the highest first.
func shares(samples []*result.Sample, share func(s *result.Sample, name string) float64) string {
	names := map[string]bool{}
	for _, s := range samples {
		for name := range s.ByProcess {
			names[name] = true
		}
	}
	of := func(name string) func(*result.Sample) float64 {
		return func(s *result.Sample) float64 { return share(s, name) }
	}
	sorted := slices.SortedFunc(maps.Keys(names), func(a, b string) int {
		return cmp.Or(cmp.Compare(mid(samples, of(b)), mid(samples, of(a))), cmp.Compare(a, b))
	})
	var parts []string
	for _, name := range sorted {
		parts = append(parts, name+" "+median(samples, of(name)))
	}
	return strings.Join(parts, ", ")
}

// conditions say where the figures come from.
func (p *page) conditions(w *result.Workload) {
	var versions []string
	for _, name := range slices.Sorted(maps.Keys(w.Versions)) {
		if name != Again {
			versions = append(versions, name+" "+w.Versions[name])
		}
	}
	rounds := 0
	for _, s := range w.Samples {
		rounds = max(rounds, s.Round)
	}
	p.f("\nRounds: %d; %s; %s; %s.\n", rounds, w.When.Format("2006-01-02 15:04 MST"), machine(w.Machine), strings.Join(versions, "; "))
	if w.Command != "" {
		p.f("`%s`\n", w.Command)
	}
}

func machine(m result.Machine) string {
	return fmt.Sprintf("%d cores of %s, %s GiB, Linux %s", m.Cores, m.CPU, number(float64(m.Memory)/(1<<30)), m.Kernel)
}

// units of the micro-benchmarks' columns, those that go test always prints first.
var units = []string{"ns/op", "MB/s", "B/op", "allocs/op"}

func (p *page) micro(m *result.Micro) {
	if m == nil {
		return
	}
	p.raw("\n## Single steps\n\nThe benchmarks of go test: an operation is what the benchmark's name says.\n")
	p.table(append([]string{"benchmark"}, append(slices.Clone(units), "other")...)...)
	for _, b := range m.Benchmarks {
		cells := []string{b.Package + " " + b.Name}
		for _, unit := range units {
			cells = append(cells, metric(b.Metrics[unit]))
		}
		p.row(append(cells, others(b))...)
	}
	p.f("\n%s; %s.\n", m.When.Format("2006-01-02 15:04 MST"), machine(m.Machine))
}

func metric(values []float64) string {
	if len(values) == 0 {
		return ""
	}
	return spread(result.NewSpread(values))
}

// others are the metrics that a benchmark reports itself.
func others(b result.Benchmark) string {
	var out []string
	for _, unit := range slices.Sorted(maps.Keys(b.Metrics)) {
		if !slices.Contains(units, unit) {
			out = append(out, metric(b.Metrics[unit])+" "+unit)
		}
	}
	return strings.Join(out, ", ")
}
