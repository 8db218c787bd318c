package flow_test

import (
	"errors"
	"testing"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

func TestReceiveErrors(t *testing.T) {
	t.Parallel()
	t.Run("ErrProtocol", func(t *testing.T) {
		t.Parallel()
		m := flow.NewMachine(true, []*ledger.Checkpoint{nil})
		for _, s := range []flow.Stage{flow.Source, flow.Transform, flow.Sink(0)} {
			f := &frame.Frame{Header: frame.Header{Type: frame.Hello}}
			if _, err := m.Receive(s, f); !errors.Is(err, flow.ErrProtocol) {
				t.Errorf("stage %d: got %v", s, err)
			}
		}
	})
}
