// Package result holds what a benchmark has measured, as it is kept in a file, and
// the few statistics that the report needs of it.
package result

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// File is all that is known: of each workload the last time it was measured.
type File struct {
	Workloads []Workload `json:"workloads"`
	Micro     *Micro     `json:"micro,omitempty"`
}

// Conditions are where, when and with what something was measured.
type Conditions struct {
	When    time.Time `json:"when"`
	Machine Machine   `json:"machine"`
	// Versions by name, of contenders and of servers.
	Versions map[string]string `json:"versions,omitempty"`
}

// Machine is what the measurement ran on.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory"`
	Kernel string `json:"kernel"`
}

// Workload is one workload, measured for all contenders in turn.
type Workload struct {
	Conditions
	Name  string `json:"name"`
	Title string `json:"title"`
	// Command that measured it.
	Command string `json:"command,omitempty"`
	Records int64  `json:"records,omitempty"`
	// Rate in rows per second, where latency is measured.
	Rate    int      `json:"rate,omitempty"`
	Samples []Sample `json:"samples"`
}

// Sample is one run of one contender.
type Sample struct {
	Contender string `json:"contender"`
	Round     int    `json:"round"`
	// Start is from the start of the program to its first record, in seconds.
	Start float64 `json:"start"`
	// StartCPU is the CPU time until then, in seconds.
	StartCPU float64 `json:"start_cpu"`
	// Elapsed and CPU are from the first record to the last, in seconds.
	Elapsed float64 `json:"elapsed"`
	CPU     float64 `json:"cpu"`
	// ByProcess splits all CPU time, that of the start too, by process, in seconds.
	ByProcess map[string]float64 `json:"by_process,omitempty"`
	// Peak is the most memory, in bytes.
	Peak int64 `json:"peak"`
	// PeakByProcess splits Peak.
	PeakByProcess map[string]int64 `json:"peak_by_process,omitempty"`
	// Records that arrived.
	Records int64    `json:"records"`
	Latency *Latency `json:"latency,omitempty"`
}

// Latency is in milliseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// RowsPerSecond from the first record on.
func (s *Sample) RowsPerSecond() float64 { return float64(s.Records) / s.Elapsed }

// CPUPerMillion is the CPU seconds of a million records, those of the start included:
// a program that reads ahead does much before its first record arrives.
func (s *Sample) CPUPerMillion() float64 { return (s.StartCPU + s.CPU) * 1e6 / float64(s.Records) }

// LaterCPUPerMillion leaves out the start.
func (s *Sample) LaterCPUPerMillion() float64 { return s.CPU * 1e6 / float64(s.Records) }

// Micro holds the micro-benchmarks.
type Micro struct {
	Conditions
	Benchmarks []Benchmark `json:"benchmarks"`
}

// Benchmark is one line of go test -bench, runs of it.
type Benchmark struct {
	// Package is its path below the module's.
	Package string `json:"package"`
	Name    string `json:"name"`
	// Metrics by unit, a value a run.
	Metrics map[string][]float64 `json:"metrics"`
}

// Read reads a file, an empty one if there is none.
func Read(path string) (*File, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &File{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	f := &File{}
	if err := json.Unmarshal(b, f); err != nil {
		return nil, fmt.Errorf("read results %s: %w", path, err)
	}
	return f, nil
}

// Write writes the file.
func (f *File) Write(path string) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil { //nolint:gosec // for all to read
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

// Put adds a workload, in the place of the same one measured before.
func (f *File) Put(w Workload) {
	same := func(o Workload) bool { return o.Name == w.Name && o.Rate == w.Rate }
	if i := slices.IndexFunc(f.Workloads, same); i >= 0 {
		f.Workloads[i] = w
		return
	}
	f.Workloads = append(f.Workloads, w)
}

// Of returns the samples of a contender.
func (w *Workload) Of(contender string) []*Sample {
	var out []*Sample
	for i := range w.Samples {
		if w.Samples[i].Contender == contender {
			out = append(out, &w.Samples[i])
		}
	}
	return out
}

// Contenders returns those that were measured, in the order of their first run.
func (w *Workload) Contenders() []string {
	var out []string
	for _, s := range w.Samples {
		if !slices.Contains(out, s.Contender) {
			out = append(out, s.Contender)
		}
	}
	return out
}
