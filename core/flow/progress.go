package flow

// progress counts what a stage has got done, in order, so that it can be told
// from a stage that only starts again and again.
type progress struct {
	steps uint64
	at    int64 // of the last step
}

func (p *progress) add(steps int, now int64) {
	if steps > 0 {
		p.steps += uint64(steps)
		p.at = now
	}
}

// OpenBatch is the oldest batch that a stage has been given and has not finished.
type OpenBatch struct {
	// Sequence of the batch; 0: there is none.
	Sequence uint64
	// Since is when the stage could begin with it, microseconds since 1970: when it
	// was given it, or had finished the one before.
	Since int64
}

// Tick tells the machine the time, microseconds since 1970.
func (m *Machine) Tick(now int64) { m.now = now }

// Progress counts what a stage has got done: batches with records that the source
// has sent, batches that the transform has answered, and those that a sink's
// checkpoint has moved past. Batches that are acknowledged out of order are none,
// nor are those that move a position alone behind one that a sink fails at.
func (m *Machine) Progress(stage Stage) uint64 { return m.progress(stage).steps }

func (m *Machine) progress(stage Stage) progress {
	switch stage {
	case Source:
		return m.sends
	case Transform:
		return m.answer
	}
	return m.sinks[stage.sink()].got
}

// Oldest returns the batch that a transform or sink has to finish next.
func (m *Machine) Oldest(stage Stage) OpenBatch {
	sequence := m.answered + 1
	if stage >= FirstSink {
		open := m.sinks[stage.sink()].ledger.Open()
		if len(open) == 0 {
			return OpenBatch{}
		}
		sequence = open[0]
	}
	b := m.window[sequence]
	if b == nil || (b.out == nil) != (stage == Transform) {
		return OpenBatch{}
	}
	return OpenBatch{Sequence: sequence, Since: max(b.sent, m.progress(stage).at)}
}
