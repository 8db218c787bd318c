package proc

import (
	"maps"
	"slices"
	"time"
)

// Meter watches a tree of processes. Its methods are not safe for concurrent use.
type Meter struct {
	pid  int
	peak map[int]int64 // by process, those that have ended too
	name map[int]string
}

// NewMeter makes a meter of the tree below pid.
func NewMeter(pid int) *Meter {
	return &Meter{pid: pid, peak: map[int]int64{}, name: map[int]string{}}
}

// Reading is what a tree has used so far.
type Reading struct {
	At  time.Time
	CPU time.Duration
	// ByName splits CPU by the names of the processes.
	ByName map[string]time.Duration
}

// Read reads the tree; the error is ErrEnded if its root is no more.
func (m *Meter) Read() (Reading, error) {
	tree, err := Tree(m.pid)
	if err != nil {
		return Reading{}, err
	}
	r := Reading{At: time.Now(), CPU: CPU(tree), ByName: map[string]time.Duration{}}
	for _, p := range tree {
		r.ByName[p.Name] += p.CPU
		m.peak[p.Pid], m.name[p.Pid] = max(m.peak[p.Pid], p.Peak), p.Name
	}
	return r, nil
}

// Peak sums the peaks of all processes seen, in bytes. They need not have been at
// the same moment, so it is never too low for several processes, and exact for one.
func (m *Meter) Peak() int64 {
	var sum int64
	for _, p := range m.peak {
		sum += p
	}
	return sum
}

// PeakByName splits Peak by the names of the processes.
func (m *Meter) PeakByName() map[string]int64 {
	out := map[string]int64{}
	for pid, p := range m.peak {
		out[m.name[pid]] += p
	}
	return out
}

// Since returns what was used between two readings, of processes that used any.
func (r Reading) Since(earlier Reading) map[string]time.Duration {
	out := map[string]time.Duration{}
	for _, name := range slices.Sorted(maps.Keys(r.ByName)) {
		if d := r.ByName[name] - earlier.ByName[name]; d > 0 {
			out[name] = d
		}
	}
	return out
}
