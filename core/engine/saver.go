package engine

import (
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
	saved map[string]time.Time
}

func newSaver(f *flow.Flow, store *checkpoint.Store, def *pipeline.Definition) *saver {
	return &saver{flow: f, store: store, def: def, saved: map[string]time.Time{}}
}

// run saves at each interval until ctx is done or a save fails.
func (s *saver) run(ctx context.Context) error {
	tick := time.NewTicker(s.def.Checkpoint.Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
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
	moves := map[string]checkpoint.Move{}
	for i, entries := range s.flow.Moved() {
		if len(entries) == 0 {
			continue
		}
		m := checkpoint.Move{Position: entries[len(entries)-1].Position}
		for _, e := range entries {
			m.State = append(m.State, e.State...)
		}
		moves[s.def.Sinks[i].Name] = m
	}
	if len(moves) == 0 {
		return nil
	}
	now := time.Now()
	if err := s.store.Save(moves, now); err != nil {
		return err
	}
	for sink := range moves {
		s.saved[sink] = now
	}
	return nil
}

// lastSaved returns when the checkpoint of a sink was stored in this run.
func (s *saver) lastSaved(sink string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saved[sink]
}
