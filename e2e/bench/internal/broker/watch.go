package broker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// ErrKey means that a record's key is not what this package can read.
var ErrKey = errors.New("key is not a schema id and one Avro long")

// Watch notes when each key of a topic first becomes visible to a consumer.
type Watch struct {
	client *kgo.Client
	done   chan struct{}

	mu   sync.Mutex
	seen map[int64]time.Time
	err  error
}

// Watch begins to consume the topic from its start.
func (b *Broker) Watch(ctx context.Context, topic string) (*Watch, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(b.bootstrap, ",")...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMinBytes(1), kgo.DisableClientMetrics())
	if err != nil {
		return nil, fmt.Errorf("consume %s: %w", topic, err)
	}
	w := &Watch{client: client, done: make(chan struct{}), seen: map[int64]time.Time{}}
	go w.run(ctx)
	return w, nil
}

// Close ends the consumer.
func (w *Watch) Close() {
	w.client.Close()
	<-w.done
}

// Seen returns when a key was first seen, if it was.
func (w *Watch) Seen(key int64) (time.Time, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.seen[key]
	return at, ok
}

// Len returns how many keys have been seen, and what ended the consumer, if something did.
func (w *Watch) Len() (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.seen), w.err
}

func (w *Watch) run(ctx context.Context) {
	defer close(w.done)
	for {
		fetches := w.client.PollFetches(ctx)
		now := time.Now()
		if fetches.IsClientClosed() || ctx.Err() != nil {
			return
		}
		if err := w.take(fetches, now); err != nil {
			w.mu.Lock()
			w.err = err
			w.mu.Unlock()
			return
		}
	}
}

func (w *Watch) take(fetches kgo.Fetches, now time.Time) error {
	if err := fetches.Err(); err != nil {
		return fmt.Errorf("consume: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range fetches.Records() {
		key, err := longKey(r.Key)
		if err != nil {
			return fmt.Errorf("read %s at %d: %w", r.Topic, r.Offset, err)
		}
		if _, again := w.seen[key]; !again {
			w.seen[key] = now
		}
	}
	return nil
}

// longKey reads the key of a table whose key is one BIGINT: Confluent's header, and
// a record of one Avro long. Avro writes longs as Go's varints.
func longKey(b []byte) (int64, error) {
	const header = 5
	if len(b) <= header || b[0] != 0 {
		return 0, fmt.Errorf("%w: % x", ErrKey, b)
	}
	v, n := binary.Varint(b[header:])
	if n != len(b)-header {
		return 0, fmt.Errorf("%w: % x", ErrKey, b)
	}
	return v, nil
}
