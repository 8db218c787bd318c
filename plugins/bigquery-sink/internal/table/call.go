package table

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"google.golang.org/api/googleapi"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/client"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/wait"
)

// call makes requests of the Tables API. An outage is waited for without end: who
// asks has rows that nothing else can be done with. Other errors are returned as
// they are.
func (s *Store) call(ctx context.Context, spec *Spec, what string, try func(context.Context) error) error {
	var pauses wait.Pauses
	w := s.settings.Waits.Begin(spec.String(), "answer a request to "+what, time.Now())
	defer w.End()
	for {
		err := s.once(ctx, try)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if kind, _ := fault.Of(err); kind != fault.Passing || errors.Is(err, errRace) {
			return fmt.Errorf("%s: %w", what, err)
		}
		w.Failed(err)
		s.settings.Logger.Warn("a request of BigQuery's Tables API failed, trying again", "table", spec.String(), "request", what, "error", err)
		if err := pauses.Sleep(ctx); err != nil {
			return err
		}
	}
}

func (s *Store) once(ctx context.Context, try func(context.Context) error) error {
	ctx, cancel := client.Once(ctx, s.settings.RequestTimeout)
	defer cancel()
	err := try(ctx)
	var rest *googleapi.Error
	var network *url.Error
	switch { // without what Google's client says of its own retries, which it was kept from
	case errors.As(err, &rest):
		return rest
	case errors.As(err, &network):
		return network
	}
	return err
}
