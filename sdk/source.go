package sdk

import "context"

// Source reads changes from a system. Its methods are called in the order in
// which they stand here, each once, from one goroutine.
type Source interface {
	// Open connects and prepares to resume where the sinks in r stand. An error
	// ends the plugin; it is tried again if it is Transient.
	Open(ctx context.Context, r Resume) error
	// Read writes what happens in the system to w until ctx ends or nothing is
	// left to read, and returns nil in both cases. It must not return before
	// everything it means to send is written; w need not be flushed.
	Read(ctx context.Context, w *Writer) error
	// Close lets go of all that Open took. It is called after Read has returned,
	// and after a failed Open.
	Close(ctx context.Context) error
}

// Resume says where a source begins.
type Resume struct {
	// Sinks of the pipeline. The i-th sink is bit i of a SinkSet.
	Sinks []SinkState
}

// SinkState is how far one sink has come.
type SinkState struct {
	Name string
	// Checkpoint of the sink, nil if it has received nothing yet.
	Checkpoint *Checkpoint
}

// New returns the sinks that have no checkpoint.
func (r Resume) New() SinkSet {
	var set SinkSet
	for i, s := range r.Sinks {
		if s.Checkpoint == nil {
			set = set.With(i)
		}
	}
	return set
}

// All returns all sinks of the pipeline.
func (r Resume) All() SinkSet { return SinkSet(1)<<len(r.Sinks) - 1 }

// Checkpoint is where one sink's stream resumes.
type Checkpoint struct {
	Position Position
	// State is the source state as of the position, by key.
	State map[string][]byte
}

// MaxSinks is the number of sinks a pipeline can have.
const MaxSinks = 63

// SinkSet has bit i set for the i-th sink of the pipeline.
type SinkSet uint64

// With returns the set and the i-th sink.
func (s SinkSet) With(i int) SinkSet { return s | 1<<i }

// Has says whether the i-th sink is in the set.
func (s SinkSet) Has(i int) bool { return s&(1<<i) != 0 }
