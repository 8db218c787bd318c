package flow

import "github.com/leat-io/leat/sdk/frame"

// announcements are the schemas that a stage has announced, in order. They are
// repeated to a plugin that starts anew.
type announcements struct {
	seen   map[uint64]bool
	frames []*frame.Frame
}

// add keeps the announcement and says whether it is new.
func (a *announcements) add(f *frame.Frame) bool {
	if a.seen[f.Sequence] {
		return false
	}
	if a.seen == nil {
		a.seen = map[uint64]bool{}
	}
	a.seen[f.Sequence] = true
	a.frames = append(a.frames, f)
	return true
}

// announce passes a schema on to the stages behind from.
func (m *Machine) announce(from Stage, f *frame.Frame) {
	if !m.fromStage[from].add(f) {
		m.release(f)
		return
	}
	if from == Source && m.transform {
		m.send(Transform, f)
		return
	}
	for i := range m.sinks {
		m.send(Sink(i), f)
	}
}

// repeat sends a stage all schemas that it would have received.
func (m *Machine) repeat(to Stage) {
	from := Source
	if to >= FirstSink && m.transform {
		from = Transform
	}
	for _, f := range m.fromStage[from].frames {
		m.send(to, f)
	}
}
