package sdk

import (
	"encoding/binary"
	"errors"
)

var errPosition = errors.New("position does not begin with a number")

// Position is where a source resumes: at a place of its own notation, usually
// the start of a transaction, and behind so many of the rows that follow it. So
// a transaction of any size is resumed in its middle.
type Position struct {
	// Base is the place in the source's notation. Sources use text, so that a
	// person can read it in a checkpoint. It must not be changed until the Writer
	// was given another position: a batch is sent at any time until then.
	Base []byte
	// Skip is the number of rows behind Base that are done. The source counts all
	// rows here, those that its configuration leaves out as well: the count must
	// hold when the configuration changes.
	Skip uint64
}

// AppendBinary adds the position's form in frames and checkpoints to b.
func (p Position) AppendBinary(b []byte) ([]byte, error) {
	b = binary.AppendUvarint(b, p.Skip)
	return append(b, p.Base...), nil
}

// ParsePosition reads what AppendBinary wrote. The result refers to b.
func ParsePosition(b []byte) (Position, error) {
	skip, n := binary.Uvarint(b)
	if n <= 0 {
		return Position{}, errPosition
	}
	return Position{Base: b[n:], Skip: skip}, nil
}
