package topics

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/leat-io/leat/e2e/differential/internal/avro"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// ErrWireFormat means that a key or value does not begin as Confluent's do.
var ErrWireFormat = errors.New("not in Confluent's wire format")

// Reader reads the topics of one contender while they are written. Its methods may be called from
// several goroutines.
type Reader struct {
	prefix string
	client *kgo.Client

	mu       sync.Mutex
	registry *registry
	raw      map[string][]*kgo.Record
}

// NewReader makes a reader of the topics behind a prefix, those that appear later too.
func NewReader(brokers, registryURL, prefix string) (*Reader, error) {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(brokers), kgo.ConsumeRegex(), kgo.ConsumeTopics("^"+regexp.QuoteMeta(prefix)+`\.`),
		kgo.MetadataMinAge(50*time.Millisecond), kgo.MetadataMaxAge(200*time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100*time.Millisecond))
	if err != nil {
		return nil, fmt.Errorf("make consumer: %w", err)
	}
	return &Reader{
		prefix: prefix, client: client, raw: map[string][]*kgo.Record{},
		registry: &registry{url: registryURL, prefix: prefix, byID: map[uint32]*avro.Schema{}, byText: map[string]*avro.Schema{}},
	}, nil
}

// Close lets the connections go.
func (r *Reader) Close() { r.client.Close() }

// Poll takes what has arrived, waiting for a moment if there is nothing.
func (r *Reader) Poll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	fetches := r.client.PollFetches(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	fetches.EachRecord(func(record *kgo.Record) {
		r.raw[record.Topic] = append(r.raw[record.Topic], record)
	})
}

// CatchUp polls until all that is in the topics by now has been taken.
func (r *Reader) CatchUp(ctx context.Context) error {
	ends, err := r.ends(ctx)
	if err != nil {
		return fmt.Errorf("list offsets of %s: %w", r.prefix, err)
	}
	for ctx.Err() == nil {
		missing := false
		for topic, end := range ends {
			missing = missing || int64(r.count(topic)) < end
		}
		if !missing {
			return nil
		}
		r.Poll(ctx)
	}
	return fmt.Errorf("read topics of %s: %w", r.prefix, ctx.Err())
}

// ends returns how many records each topic has. A topic is known to some before it has a leader:
// until then its end cannot be told, and must not be taken for none.
func (r *Reader) ends(ctx context.Context) (map[string]int64, error) {
	for {
		listed, err := kadm.NewClient(r.client).ListEndOffsets(ctx)
		out := map[string]int64{}
		listed.Each(func(o kadm.ListedOffset) {
			if !strings.HasPrefix(o.Topic, r.prefix+".") {
				return
			}
			if out[o.Topic] += o.Offset; o.Err != nil {
				err = fmt.Errorf("%s: %w", o.Topic, o.Err)
			}
		})
		if err == nil {
			return out, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (r *Reader) count(topic string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.raw[topic])
}

// Records decodes what a topic has so far, by its name behind the prefix.
func (r *Reader) Records(ctx context.Context, topic string) ([]*Record, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.records(ctx, r.prefix+"."+topic)
}

// Side decodes all that has been read, and all schemas of its topics, except topics to skip.
func (r *Reader) Side(ctx context.Context, skip func(topic string) bool) (Side, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	side := Side{}
	for name := range r.raw {
		inner := strings.TrimPrefix(name, r.prefix+".")
		if skip(inner) {
			continue
		}
		topic := &Topic{}
		var err error
		if topic.Records, err = r.records(ctx, name); err != nil {
			return nil, err
		}
		if topic.Keys, err = r.registry.versions(ctx, name+"-key"); err != nil {
			return nil, err
		}
		if topic.Values, err = r.registry.versions(ctx, name+"-value"); err != nil {
			return nil, err
		}
		side[Prefix+"."+inner] = topic
	}
	return side, nil
}

func (r *Reader) records(ctx context.Context, topic string) ([]*Record, error) {
	out := make([]*Record, 0, len(r.raw[topic]))
	for _, raw := range r.raw[topic] {
		record, err := r.record(ctx, raw)
		if err != nil {
			return nil, fmt.Errorf("read record %d of %s: %w", raw.Offset, topic, err)
		}
		out = append(out, record)
	}
	return out, nil
}

func (r *Reader) record(ctx context.Context, raw *kgo.Record) (*Record, error) {
	out := &Record{}
	var err error
	if out.KeySchema, out.Key, err = r.decode(ctx, raw.Key); err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	if out.ValueSchema, out.Value, err = r.decode(ctx, raw.Value); err != nil {
		return nil, fmt.Errorf("value: %w", err)
	}
	for _, h := range raw.Headers {
		value := strings.ReplaceAll(string(h.Value), r.prefix, Prefix)
		out.Headers = append(out.Headers, Header{Name: h.Key, Value: value})
	}
	return out, nil
}

func (r *Reader) decode(ctx context.Context, b []byte) (*avro.Schema, any, error) {
	if b == nil {
		return nil, nil, nil
	}
	if len(b) < 5 || b[0] != 0 {
		return nil, nil, fmt.Errorf("%x: %w", b, ErrWireFormat)
	}
	schema, err := r.registry.schema(ctx, binary.BigEndian.Uint32(b[1:]))
	if err != nil {
		return nil, nil, err
	}
	v, err := schema.Decode(b[5:])
	return schema, tree.Replace(v, r.prefix, Prefix), err
}
