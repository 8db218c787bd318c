package checkpoint

import (
	"maps"
	"slices"

	"github.com/leat-io/leat/core/ledger"
)

// image is the checkpoints of all sinks at one moment, by the sink's name.
type image map[string]*Checkpoint

// apply moves the checkpoints. The image keeps the bytes of positions and values.
func (m image) apply(steps map[string]step) {
	for name, s := range steps {
		c := m[name]
		if c == nil {
			c = &Checkpoint{State: map[string][]byte{}}
			m[name] = c
		}
		c.Position, c.Updated = s.Position, s.updated
		for _, change := range s.State {
			if change.Value == nil {
				delete(c.State, change.Key)
			} else {
				c.State[change.Key] = change.Value
			}
		}
	}
}

// steps returns what makes the image out of nothing.
func (m image) steps() map[string]step {
	out := make(map[string]step, len(m))
	for name, c := range m {
		s := step{Move: Move{Position: c.Position}, updated: c.Updated}
		for _, key := range slices.Sorted(maps.Keys(c.State)) {
			s.State = append(s.State, ledger.StateChange{Key: key, Value: c.State[key]})
		}
		out[name] = s
	}
	return out
}

// clone copies all bytes.
func (m image) clone() image {
	out := make(image, len(m))
	for name, c := range m {
		state := make(map[string][]byte, len(c.State))
		for key, value := range c.State {
			state[key] = append([]byte{}, value...)
		}
		out[name] = &Checkpoint{Position: append([]byte{}, c.Position...), State: state, Updated: c.Updated}
	}
	return out
}

func (m image) names() []string { return slices.Sorted(maps.Keys(m)) }
