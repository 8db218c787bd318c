package flow

import "github.com/leat-io/leat/sdk/frame"

// announcements are the schemas that a stage has announced, in order. They are
// repeated to a plugin that starts anew.
type announcements struct {
	known  map[uint64]*frame.Frame
	frames []*frame.Frame
	bytes  int64
}

// add keeps the announcement.
func (a *announcements) add(f *frame.Frame) {
	if a.known == nil {
		a.known = map[uint64]*frame.Frame{}
	}
	a.known[f.Sequence] = f
	a.frames = append(a.frames, f)
}

// announce passes a schema on to the stages behind from, if it is new.
func (m *Machine) announce(from Stage, f *frame.Frame) error {
	before := m.fromStage[from].known[f.Sequence]
	if err := checkSchema(f, before); err != nil {
		return err
	}
	if before != nil {
		m.release(f)
		return nil
	}
	if err := m.fromStage[from].keep(f); err != nil {
		return err
	}
	m.fromStage[from].add(f)
	if from == Source && m.transform {
		m.send(Transform, f)
		return nil
	}
	for i := range m.sinks {
		m.send(Sink(i), f)
	}
	return nil
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
