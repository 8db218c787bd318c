package engine

import (
	"bytes"
	"context"
	"sync"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/pipeline"
)

// saver stores the checkpoints of a pipeline's sinks as they move.
type saver struct {
	flow  *flow.Flow
	store *checkpoint.Store
	def   *pipeline.Definition

	mu    sync.Mutex // one save at a time
	saved map[string]saved
	// moves that are not stored yet. A save that fails leaves them: a later
	// position must not be stored without the state that came before it.
	moves map[string]checkpoint.Move
}

// saved is what was stored last for a sink.
type saved struct {
	position []byte
	at       time.Time
}

func newSaver(f *flow.Flow, store *checkpoint.Store, def *pipeline.Definition) *saver {
	return &saver{flow: f, store: store, def: def, saved: map[string]saved{}, moves: map[string]checkpoint.Move{}}
}

// firstInterval is how often to look for the first checkpoint of a sink, for which
// the source waits.
const firstInterval = 5 * time.Millisecond

// run saves at each interval until ctx is done or a save fails.
func (s *saver) run(ctx context.Context) error {
	for {
		wait := s.def.Checkpoint.Interval
		if s.flow.Fresh() {
			wait = min(wait, firstInterval)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
			if err := s.save(); err != nil {
				return err
			}
		}
	}
}

// save stores what has moved since the last save.
func (s *saver) save() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.collect(now)
	if len(s.moves) == 0 {
		return nil
	}
	if err := s.store.Save(s.moves, now); err != nil {
		return err
	}
	for sink, m := range s.moves {
		s.saved[sink] = saved{m.Position, now}
	}
	for i, sink := range s.def.Sinks {
		if _, ok := s.moves[sink.Name]; ok {
			s.flow.Stored(i)
		}
	}
	clear(s.moves)
	return nil
}

// collect adds to moves. A position that has not changed, as while nothing
// happens, is as good as stored again.
func (s *saver) collect(now time.Time) {
	for i, entries := range s.flow.Moved() {
		if len(entries) == 0 {
			continue
		}
		sink := s.def.Sinks[i].Name
		m := s.moves[sink]
		m.Position = entries[len(entries)-1].Position
		for _, e := range entries {
			m.State = append(m.State, e.State...)
		}
		if last, ok := s.saved[sink]; ok && len(m.State) == 0 && bytes.Equal(m.Position, last.position) {
			s.saved[sink] = saved{m.Position, now}
			continue
		}
		s.moves[sink] = m
	}
}

// lastSaved returns when the checkpoint of a sink was stored in this run.
func (s *saver) lastSaved(sink string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saved[sink].at
}
