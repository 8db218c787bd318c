package engine

import (
	"time"

	"github.com/leat-io/leat/core/flow"
)

// WithHealth has plugins asked for their health so often.
func (s Settings) WithHealth(interval, timeout time.Duration) Settings {
	s.health = health{interval: interval, timeout: timeout}
	return s
}

// Sabotage has a part of a pipeline's next runs panic.
func (s Settings) Sabotage(pipeline, part string) Settings {
	s.prepared = func(r *runner) {
		if r.def.Name != pipeline {
			return
		}
		switch part {
		case "keeper":
			r.keepers[flow.Sink(0)].runner = nil
		case "saver":
			r.saver.store = nil
		case "stop":
			r.keepers[flow.Source] = nil
		case "prepare":
			panic("told to")
		}
	}
	return s
}
