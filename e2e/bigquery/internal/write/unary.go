package write

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// call runs a unary method on a table that writers see, with the faults planned for it.
func (s *Service) call(ctx context.Context, method string, ref warehouse.TableRef, f func(*warehouse.Warehouse, *warehouse.Table, time.Time) error) error {
	o := s.Faults.Next(method, ref.Dataset+"."+ref.Table)
	if o.Code != codes.OK && !o.Applied {
		return status.Error(o.Code, o.Message)
	}
	var err error
	s.Guard.Do(func(w *warehouse.Warehouse, now time.Time) {
		var t *warehouse.Table
		if t, _, _, err = w.Seen(ref, now); err == nil {
			err = f(w, t, now)
		}
	})
	if err != nil {
		return statusOf(err, ref.Path()).Err()
	}
	if err := wait(ctx, o); err != nil || o.Code == codes.OK {
		return err
	}
	return status.Error(o.Code, o.Message)
}

// onStream is call for a method on one stream.
func (s *Service) onStream(ctx context.Context, method, name string, f func(w *warehouse.Warehouse, t *warehouse.Table, id string, now time.Time) error) error {
	ref, id, err := warehouse.ParseStreamPath(name)
	if err != nil {
		return statusOf(err, name).Err()
	}
	return s.call(ctx, method, ref, func(w *warehouse.Warehouse, t *warehouse.Table, now time.Time) error { return f(w, t, id, now) })
}

// wait holds an answer back as long as the outcome says.
func wait(ctx context.Context, o fault.Outcome) error {
	if o.Delay == 0 {
		return nil
	}
	timer := time.NewTimer(o.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}
