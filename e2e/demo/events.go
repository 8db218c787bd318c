package main

import (
	"context"
	"time"

	"github.com/leat-io/leat/e2e/consume"
)

// event is a record as the broker gave it.
type event struct {
	*consume.Record
	// delay between the commit in MySQL and the record's arrival here.
	delay time.Duration
}

func (e *event) bytes() int { return len(e.Record.Record.Key) + len(e.Record.Record.Value) }

// readEvents hands every record of the shop's topics to show, from the first on.
func readEvents(ctx context.Context, s *services, show func(*event)) error {
	c, err := consume.New(s.brokers(), s.registry.URL, "^"+topicPrefix+`\..*`)
	if err != nil {
		return err
	}
	defer c.Close()
	for ctx.Err() == nil {
		records, err := c.Poll(ctx)
		if err != nil {
			return err
		}
		for _, r := range records {
			e := &event{Record: r}
			if ms, ok := r.Source()["ts_ms"].(int64); ok {
				e.delay = time.Since(time.UnixMilli(ms))
			}
			show(e)
		}
	}
	return nil
}
