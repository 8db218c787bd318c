package flow

import (
	"testing"

	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

// A transform that the host does not read, as the sinks have all that the buffer
// takes, is not the one that is waited for.
func TestATransformThatIsHeldBackIsNotBlamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		limit int64
		want  uint64
	}{"OK": {1 << 20, 2}, "the sinks are full": {1, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := NewMachine(true, []*ledger.Checkpoint{{State: map[string][]byte{}}})
			f := New(m, tt.limit)
			header := func(sequence uint64) *frame.Frame {
				h := frame.Header{Type: frame.Batch, Sequence: sequence, Sinks: 1, Count: 1}
				return &frame.Frame{Header: h, Position: []byte("p"), Payload: make([]byte, 64)}
			}
			for _, received := range []struct {
				from     Stage
				sequence uint64
			}{{Source, 1}, {Source, 2}, {Transform, 1}} {
				if err := f.receive(received.from, header(received.sequence)); err != nil {
					t.Fatal(err)
				}
			}
			oldest := f.Stats().Oldest
			if oldest[Transform].Sequence != tt.want {
				t.Errorf("the transform has to answer batch %d, want %d", oldest[Transform].Sequence, tt.want)
			}
			if oldest[Sink(0)].Sequence != 1 {
				t.Errorf("the sink has to store batch %d, want 1", oldest[Sink(0)].Sequence)
			}
		})
	}
}
