package sdk

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// transformInstance runs a Transform.
type transformInstance struct{ transform Transform }

func (t *transformInstance) plugin() any { return t.transform }

func (t *transformInstance) open(ctx context.Context, _ *leatv1.OpenRequest) (*leatv1.Checkpoint, error) {
	return nil, t.transform.Open(ctx)
}

func (t *transformInstance) run(ctx context.Context, conn *connection) error {
	known := newSchemas()
	out := newOutput(frame.NewWriter(conn.net))
	for {
		f, err := conn.read()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.handle(ctx, f, known, out); err != nil {
			return err
		}
		f.Release()
	}
}

func (t *transformInstance) handle(ctx context.Context, f *frame.Frame, known *schemas, out *Output) error {
	switch f.Type {
	case frame.Schema:
		return known.add(f)
	case frame.Batch:
		if f.Count > 0 {
			if err := t.transform.Transform(ctx, &Batch{frame: f, schemas: known}, out); err != nil {
				return err
			}
		}
		return out.finish(f)
	default:
		return Permanent(fmt.Errorf("transform cannot take a %v frame", f.Type))
	}
}

func (t *transformInstance) close(ctx context.Context) error { return t.transform.Close(ctx) }
