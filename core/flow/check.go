package flow

import (
	"bytes"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
)

// minRecord is the least that a record takes in a payload: a message without
// anything, and what stands before each entry.
const minRecord = 5 + 8

// checkHeader refuses what no version of the protocol that the host speaks has.
func checkHeader(f *frame.Frame) error {
	if f.Flags != 0 || f.Stream != 0 {
		return violation("%v frame has flags %x and stream %d, want none", f.Type, f.Flags, f.Stream)
	}
	return nil
}

// checkCount refuses a number of records that the payload cannot hold: receivers
// make room by it.
func checkCount(stage string, f *frame.Frame) error {
	if uint64(f.Count)*minRecord > uint64(len(f.Payload)) {
		return violation("%s says that batch %d has %d records, in %d bytes", stage, f.Sequence, f.Count, len(f.Payload))
	}
	return nil
}

// checkSinks refuses sinks that the pipeline does not have, and none.
func (m *Machine) checkSinks(f *frame.Frame) error {
	if f.Sinks == 0 || f.Sinks>>len(m.sinks) != 0 {
		return violation("%v %d is for the sinks %b of %d", f.Type, f.Sequence, f.Sinks, len(m.sinks))
	}
	return nil
}

// checkAnswer refuses an answer of the transform that is not to that batch: a
// position is stored as it stands there.
func checkAnswer(asked, answer *frame.Frame) error {
	if answer.Sinks != asked.Sinks {
		return violation("transform changed the sinks of batch %d", asked.Sequence)
	}
	if answer.Time != asked.Time || !bytes.Equal(answer.Position, asked.Position) {
		return violation("transform changed the position or the time of batch %d", asked.Sequence)
	}
	return checkCount("transform", answer)
}

// checkSchema reads a schema as its receivers will, and compares it with the one
// of that id announced before, nil if there is none.
func checkSchema(f, before *frame.Frame) error {
	if f.Sequence == 0 {
		return violation("schema has the id 0, which means none")
	}
	s, err := sdk.ParseSchema(f.Payload)
	if err != nil {
		return violation("schema %x: %v", f.Sequence, err)
	}
	if before == nil || bytes.Equal(f.Payload, before.Payload) {
		return nil
	}
	// The same schema may be written otherwise, but not another one.
	old, err := sdk.ParseSchema(before.Payload)
	if err != nil {
		return violation("schema %x: %v", f.Sequence, err)
	}
	if !sameSchema(s, old) {
		return violation("schema %x was another one before; an id has to follow from the schema", f.Sequence)
	}
	return nil
}

func sameSchema(a, b sdk.Schema) bool {
	_, x, errX := a.Encode()
	_, y, errY := b.Encode()
	return errX == nil && errY == nil && x == y
}
