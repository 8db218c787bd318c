package sdk

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// sourceInstance runs a Source.
type sourceInstance struct {
	source     Source
	resume     Resume
	next       uint64
	batchLimit uint32
}

func (s *sourceInstance) plugin() any { return s.source }

func (s *sourceInstance) open(ctx context.Context, req *leatv1.OpenRequest) (*leatv1.Checkpoint, error) {
	if len(req.GetSinks()) > MaxSinks {
		return nil, Permanent(fmt.Errorf("pipeline has %d sinks, at most %d", len(req.GetSinks()), MaxSinks))
	}
	var err error
	if s.resume, err = resumeFromProto(req.GetSinks()); err != nil {
		return nil, err
	}
	s.next = req.GetNextSequence()
	return nil, s.source.Open(ctx, s.resume)
}

func (s *sourceInstance) run(ctx context.Context, conn *connection) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() { // the host sends a source nothing: a read returns when it is gone
		if _, err := conn.read(); err != nil && !errors.Is(err, net.ErrClosed) {
			cancel(err)
		}
	}()
	w := newWriter(frame.NewWriter(conn.net), s.next, s.resume.All())
	w.limit = s.batchLimit
	defer w.close()
	err := s.read(ctx, w)
	if cause := context.Cause(ctx); errors.Is(cause, errHostGone) {
		return cause
	}
	if ferr := w.Flush(); err == nil {
		err = ferr
	}
	if err != nil {
		return err
	}
	return conn.write(&frame.Frame{Header: frame.Header{Type: frame.End}})
}

func (s *sourceInstance) read(ctx context.Context, w *Writer) error {
	snapshotter, ok := s.source.(Snapshotter)
	if fresh := s.resume.New(); ok && fresh != 0 {
		if err := w.Direct(fresh); err != nil {
			return err
		}
		if err := snapshotter.Snapshot(ctx, w); err != nil || ctx.Err() != nil {
			return err
		}
		if err := w.Direct(s.resume.All()); err != nil {
			return err
		}
	}
	return s.source.Read(ctx, w)
}

func (s *sourceInstance) close(ctx context.Context) error { return s.source.Close(ctx) }
