package flow

import (
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

// What the host keeps for a pipeline beside its buffer. docs/protocol.md has them.
const (
	// maxSchemas is for all that one stage announces in a run, as every process that
	// starts anew gets them again.
	maxSchemas = 256 << 20
	// schemaCost is what a schema takes beside its bytes.
	schemaCost = 1 << 10
	// maxPending is for the changes of source state before one batch.
	maxPending = ledger.MaxState
	// maxPosition is for a position, which outlives its batch.
	maxPosition = 1 << 20
)

// Full says whether a stage has to wait before it sends more: the source while so
// many bytes are in flight, the transform while the sinks have so many to do. The
// batches that a transform has not answered yet do not hold it back.
func (m *Machine) Full(stage Stage, limit int64) bool {
	switch stage {
	case Source:
		return m.inFlight >= limit || m.Holding()
	case Transform:
		return m.delivered >= limit
	default:
		return false
	}
}

// keep counts what a schema takes.
func (a *announcements) keep(f *frame.Frame) error {
	if a.bytes += int64(f.Size() + schemaCost); a.bytes > maxSchemas {
		return violation("more than %d MiB of schemas are announced, %d schemas; announce a schema once, not for each batch",
			maxSchemas>>20, len(a.frames)+1)
	}
	return nil
}

func checkPosition(f *frame.Frame) error {
	if len(f.Position) > maxPosition {
		return violation("batch %d has a position of %d bytes, at most %d", f.Sequence, len(f.Position), maxPosition)
	}
	return nil
}

// wait keeps changes for the next batch of the sink.
func (s *sinkState) wait(changes []ledger.StateChange, bytes int64) error {
	if s.pendingBytes += bytes; s.pendingBytes > maxPending {
		return violation("more than %d MiB of changes of state come before a batch", maxPending>>20)
	}
	s.pending = append(s.pending[:len(s.pending):len(s.pending)], changes...)
	return nil
}
