package sdk

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// sinkInstance runs a Sink.
type sinkInstance struct {
	sink          Sink
	transactional bool
	known         *schemas
	state         []StateChange
	conn          *connection
	once          sync.Once
}

func (s *sinkInstance) plugin() any { return s.sink }

func (s *sinkInstance) open(ctx context.Context, _ *leatv1.OpenRequest) (*leatv1.Checkpoint, error) {
	s.known = newSchemas()
	if err := s.sink.Open(ctx); err != nil {
		return nil, err
	}
	t, ok := s.sink.(TransactionalSink)
	if !ok {
		return nil, nil
	}
	s.transactional = true
	checkpoint, err := t.Checkpoint(ctx)
	if err != nil {
		return nil, fmt.Errorf("read checkpoint: %w", err)
	}
	return checkpointToProto(checkpoint), nil
}

func (s *sinkInstance) run(ctx context.Context, conn *connection) error {
	s.conn = conn
	for {
		f, err := conn.read()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.handle(ctx, f); err != nil {
			return err
		}
	}
}

func (s *sinkInstance) handle(ctx context.Context, f *frame.Frame) error {
	switch f.Type {
	case frame.Schema:
		defer f.Release()
		return s.known.add(f)
	case frame.State:
		defer f.Release()
		return s.addState(f)
	case frame.Batch:
		if f.Count == 0 && !s.transactional {
			s.done(f, nil)
			return nil
		}
		b := &Batch{frame: f, schemas: s.known, State: s.state}
		s.state = nil
		s.sink.Write(ctx, b, func(err error) { s.done(f, err) })
		return nil
	default:
		return Permanent(fmt.Errorf("sink cannot take a %v frame", f.Type))
	}
}

func (s *sinkInstance) addState(f *frame.Frame) error {
	var change leatv1.StateChange
	if err := proto.Unmarshal(f.Payload, &change); err != nil {
		return Permanent(fmt.Errorf("read state frame: %w", err))
	}
	for k, v := range change.GetSet() {
		s.state = append(s.state, StateChange{Key: k, Value: v})
	}
	for _, k := range change.GetRemoved() {
		s.state = append(s.state, StateChange{Key: k})
	}
	return nil
}

// done acknowledges a batch. After the first error nothing is acknowledged any
// more: the host starts the sink anew and sends all that is open again.
func (s *sinkInstance) done(f *frame.Frame, err error) {
	sequence := f.Sequence
	f.Release()
	if err != nil {
		s.once.Do(func() { s.conn.fail(err) })
		return
	}
	// A host that is gone is noticed by the reading side.
	_ = s.conn.write(&frame.Frame{Header: frame.Header{Type: frame.Ack, Sequence: sequence}})
}

func (s *sinkInstance) close(ctx context.Context) error { return s.sink.Close(ctx) }
