// Package broker sees what arrives in Kafka: how many records a topic has, and
// when each is visible to a consumer. It asks the broker, never the program that
// writes, and uses another client than leat does.
//
// Start reading at Broker; Watch is for latency.
package broker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// patience is how long a topic may take to appear or disappear.
const patience = 30 * time.Second

// Broker is a connection for counting.
type Broker struct {
	bootstrap string
	client    *kgo.Client
	admin     *kadm.Client
}

// Connect makes a Broker; it must be closed.
func Connect(bootstrap string) (*Broker, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(bootstrap, ",")...),
		kgo.MetadataMinAge(10*time.Millisecond), kgo.DisableClientMetrics())
	if err != nil {
		return nil, fmt.Errorf("connect to Kafka at %s: %w", bootstrap, err)
	}
	return &Broker{bootstrap: bootstrap, client: client, admin: kadm.NewClient(client)}, nil
}

// Close lets the connections go.
func (b *Broker) Close() { b.client.Close() }

// Version returns the release that the broker seems to be, by what it can do.
func (b *Broker) Version(ctx context.Context) (string, error) {
	versions, err := b.admin.ApiVersions(ctx)
	if err != nil {
		return "", fmt.Errorf("ask Kafka for its version: %w", err)
	}
	for _, v := range versions {
		return v.VersionGuess(), v.Err
	}
	return "", errors.New("ask Kafka for its version: no broker answers")
}

// Clear deletes all topics whose names begin with the prefix.
func (b *Broker) Clear(ctx context.Context, prefix string) error {
	names, err := b.topics(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if r, err := b.admin.DeleteTopic(ctx, name); err != nil {
			return fmt.Errorf("delete topic %s: %w", name, errors.Join(err, r.Err))
		}
	}
	return nil
}

// topics asks the broker itself: kadm's list may be a moment old.
func (b *Broker) topics(ctx context.Context) ([]string, error) {
	answer, err := kmsg.NewPtrMetadataRequest().RequestWith(ctx, b.client)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	var names []string
	for _, t := range answer.Topics {
		if t.Topic != nil {
			names = append(names, *t.Topic)
		}
	}
	return names, nil
}

// Create makes an empty topic of one partition, the same for whoever writes to it.
func (b *Broker) Create(ctx context.Context, topic string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	policy := "delete"
	for {
		_, err := b.admin.CreateTopic(ctx, 1, 1, map[string]*string{"cleanup.policy": &policy}, topic)
		if err == nil {
			break
		}
		// One that was just deleted may still be known for a moment.
		if !errors.Is(err, kerr.TopicAlreadyExists) || !sleep(ctx) {
			return fmt.Errorf("create topic %s: %w", topic, err)
		}
	}
	for {
		n, err := b.Count(ctx, topic)
		if err == nil && n == 0 {
			return nil
		}
		if !sleep(ctx) {
			return fmt.Errorf("create topic %s: it has %d records: %w", topic, n, errors.Join(err, ctx.Err()))
		}
	}
}

// Count returns how many records consumers can read from the topic.
func (b *Broker) Count(ctx context.Context, topic string) (int64, error) {
	ends, err := b.admin.ListEndOffsets(ctx, topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return 0, fmt.Errorf("read end of topic %s: %w", topic, err)
	}
	var sum int64
	ends.Each(func(o kadm.ListedOffset) { sum += o.Offset })
	return sum, nil
}

// sleep waits a moment and tells whether ctx still holds.
func sleep(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(10 * time.Millisecond):
		return true
	}
}
