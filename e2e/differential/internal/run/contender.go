package run

import (
	"context"
	"fmt"

	"github.com/leat-io/leat/e2e/differential/internal/topics"
)

// contender is one of the two while it captures a case.
type contender struct {
	*topics.Reader
	name string
	// check returns why the contender has stopped, nil while it runs.
	check func(ctx context.Context) error
	// stop ends it; all that it has made is at the broker then.
	stop func(ctx context.Context) error
}

// Outcome is what one contender has made of a case.
type Outcome struct {
	Side topics.Side
	// Failure is why it stopped by itself, nil if it did not.
	Failure error
}

// marks counts the records that show that the contender streams.
func (c *contender) marks(ctx context.Context, database string) (map[int64]bool, error) {
	records, err := c.Records(ctx, database+"."+markTable)
	if err != nil {
		return nil, err
	}
	return streamedMarks(records), nil
}

// await polls until the contender has streamed a mark, or has stopped.
func (c *contender) await(ctx context.Context, database string, wanted func(map[int64]bool) bool) error {
	for {
		seen, err := c.marks(ctx, database)
		if err != nil {
			return err
		}
		if wanted(seen) {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s has not streamed a mark: %w", c.name, ctx.Err())
		}
		if err := c.check(ctx); err != nil {
			return err
		}
		c.Poll(ctx)
	}
}
