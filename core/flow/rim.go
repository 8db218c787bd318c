package flow

import (
	"sync"
	"time"

	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

// Flow runs a Machine: it is safe for concurrent use.
type Flow struct {
	limit int64

	mu      sync.Mutex
	space   *sync.Cond // the bytes in flight have become fewer, or a link has ended
	machine *Machine
	links   []*Link
	counts  []Counts
	drained chan struct{}
	isEmpty bool
	broken  error // a panic
}

// Progress counts what a stage has got done: see Machine.Progress.
func (f *Flow) Progress(stage Stage) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.machine.Progress(stage)
}

// Counts are what a stage has sent to the host.
type Counts struct{ Batches, Records, Bytes uint64 }

// New makes a flow that holds at most about limit bytes of batches: with more,
// the source is not read, nor the transform while the sinks have so much to do.
func New(m *Machine, limit int64) *Flow {
	stages := int(FirstSink) + len(m.sinks)
	f := &Flow{
		limit: limit, machine: m, links: make([]*Link, stages),
		counts: make([]Counts, FirstSink), drained: make(chan struct{}),
	}
	f.space = sync.NewCond(&f.mu)
	return f
}

// Attach connects a process of a plugin that has opened. stored is the last
// checkpoint of a transactional sink. The link before it must have ended.
func (f *Flow) Attach(stage Stage, conn *Conn, stored *ledger.Checkpoint) *Link {
	l := newLink(f, stage, conn)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.links[stage] = l
	f.machine.Tick(time.Now().UnixMicro())
	f.must(func() { f.perform(f.machine.Up(stage, stored)) })
	l.start()
	return l
}

func (f *Flow) detach(l *Link) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.links[l.stage] == l {
		f.links[l.stage] = nil
	}
}

// Transactional tells the machine of a sink that stores its checkpoints itself.
func (f *Flow) Transactional(i int, c *ledger.Checkpoint) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.must(func() { f.machine.Transactional(i, c) })
}

// Resume returns where a source that starts now begins.
func (f *Flow) Resume() (checkpoints []*ledger.Checkpoint, next uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.must(func() { checkpoints, next = f.machine.Resume() })
	return checkpoints, next
}

// Drained is closed when the source has ended and all it sent is durable.
func (f *Flow) Drained() <-chan struct{} { return f.drained }

// Moved returns by which batches the checkpoints of the sinks have moved since
// the last call, without those of transactional sinks.
func (f *Flow) Moved() [][]ledger.Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([][]ledger.Entry, len(f.machine.sinks))
	f.must(func() {
		for i := range out {
			if moved := f.machine.Moved(i); !f.machine.IsTransactional(i) {
				out[i] = moved
			}
		}
	})
	return out
}

// Durable returns the position that each sink has made durable, nil for one without.
func (f *Flow) Durable() [][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([][]byte, len(f.machine.sinks))
	for i := range out {
		out[i] = f.machine.Durable(i)
	}
	return out
}

// Stored takes note that the store has a checkpoint of the i-th sink.
func (f *Flow) Stored(i int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.machine.Stored(i)
	f.space.Broadcast()
}

// Fresh says whether the source waits, or will, for the first checkpoint of a sink.
func (f *Flow) Fresh() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.machine.Fresh()
}

// Stats is a view of the flow for metrics.
type Stats struct {
	InFlight          int64
	Source, Transform Counts
	Sinks             []SinkStats
	// Oldest is the oldest open batch by stage.
	Oldest []OpenBatch
}

// Stats returns the counts as of now.
func (f *Flow) Stats() Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := Stats{InFlight: f.machine.InFlight(), Source: f.counts[Source], Transform: f.counts[Transform]}
	for i := range f.machine.sinks {
		s.Sinks = append(s.Sinks, f.machine.Stats(i))
	}
	s.Oldest = make([]OpenBatch, len(f.links))
	for i := Transform; int(i) < len(s.Oldest); i++ {
		if f.machine.Full(i, f.limit) {
			continue // it is held back by what the sinks have not stored
		}
		s.Oldest[i] = f.machine.Oldest(i)
	}
	return s
}

func (f *Flow) receive(from Stage, fr *frame.Frame) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.machine.Tick(time.Now().UnixMicro())
	if from < FirstSink && fr.Type == frame.Batch {
		c := &f.counts[from]
		c.Batches++
		c.Records += uint64(fr.Count)
		c.Bytes += uint64(fr.Size())
	}
	return f.step(func() error {
		effects, err := f.machine.Receive(from, fr)
		f.perform(effects)
		f.checkDrained()
		return err
	})
}

// End says that the source sends no more: it has failed, or is not running.
func (f *Flow) End() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.must(func() {
		f.machine.End()
		f.checkDrained()
	})
}

func (f *Flow) checkDrained() {
	if f.machine.Drained() && !f.isEmpty {
		f.isEmpty = true
		close(f.drained)
	}
}

func (f *Flow) perform(effects []Effect) {
	for _, e := range effects {
		if e.Release != nil {
			e.Release.Release()
		} else if l := f.links[e.To]; l != nil {
			l.push(e.Frame)
		}
	}
	if !f.machine.Full(Source, f.limit) || !f.machine.Full(Transform, f.limit) {
		f.space.Broadcast()
	}
}

// waitForSpace holds a stage back while too much is in flight.
func (f *Flow) waitForSpace(l *Link) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.machine.Full(l.stage, f.limit) && !l.isClosed() {
		f.space.Wait()
	}
}

func (f *Flow) wakeSource() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.space.Broadcast()
}
