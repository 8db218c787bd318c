package consume

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Consumer reads the topics that match a regular expression, those that appear
// later too, from their first record on.
type Consumer struct {
	client  *kgo.Client
	decoder *Decoder
}

// New makes a consumer.
func New(brokers, registry, topics string) (*Consumer, error) {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(brokers), kgo.ConsumeRegex(), kgo.ConsumeTopics(topics),
		kgo.MetadataMinAge(100*time.Millisecond), kgo.MetadataMaxAge(500*time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100*time.Millisecond))
	if err != nil {
		return nil, fmt.Errorf("make consumer: %w", err)
	}
	return &Consumer{client: client, decoder: &Decoder{Registry: registry}}, nil
}

// Close lets the connections go.
func (c *Consumer) Close() { c.client.Close() }

// Poll waits for records and returns them, decoded; none and no error when ctx ends.
func (c *Consumer) Poll(ctx context.Context) ([]*Record, error) {
	fetches := c.client.PollFetches(ctx)
	if ctx.Err() != nil && fetches.Empty() {
		return nil, nil
	}
	var out []*Record
	for _, r := range fetches.Records() {
		record, err := c.decoder.Decode(ctx, r)
		if ctx.Err() != nil {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, record)
	}
	return out, nil
}
