package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/leat-io/leat/sdk/avro"
)

// event is a record as the broker gave it, decoded by the registry's schema.
type event struct {
	topic string
	key   map[string]any
	// value is nil for a tombstone.
	value map[string]any
	// delay between the commit in MySQL and the record's arrival here.
	delay time.Duration
	bytes int
}

// readEvents hands every record of the shop's topics to show, from the first on.
func readEvents(ctx context.Context, s *services, show func(*event)) error {
	consumer, err := kgo.NewClient(
		kgo.SeedBrokers(s.brokers()), kgo.ConsumeRegex(), kgo.ConsumeTopics(`^shop\..*`),
		kgo.MetadataMinAge(200*time.Millisecond), kgo.MetadataMaxAge(time.Second),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100*time.Millisecond))
	if err != nil {
		return fmt.Errorf("make consumer: %w", err)
	}
	defer consumer.Close()
	d := &decoder{registry: s.registry.URL, schemas: map[uint32]*avro.Schema{}}
	for ctx.Err() == nil {
		fetches := consumer.PollFetches(ctx)
		for _, r := range fetches.Records() {
			e, err := d.decode(ctx, r)
			if err != nil && ctx.Err() == nil {
				return fmt.Errorf("read record of %s at %d: %w", r.Topic, r.Offset, err)
			}
			if e != nil {
				show(e)
			}
		}
	}
	return nil
}

// decoder reads Confluent's wire format.
type decoder struct {
	registry string
	schemas  map[uint32]*avro.Schema
}

func (d *decoder) decode(ctx context.Context, r *kgo.Record) (*event, error) {
	key, err := d.value(ctx, r.Key)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	value, err := d.value(ctx, r.Value)
	if err != nil {
		return nil, fmt.Errorf("value: %w", err)
	}
	e := &event{topic: r.Topic, key: key, value: value, bytes: len(r.Key) + len(r.Value)}
	if source, ok := value["source"].(map[string]any); ok {
		if ms, ok := source["ts_ms"].(int64); ok {
			e.delay = time.Since(time.UnixMilli(ms))
		}
	}
	return e, nil
}

var errWireFormat = errors.New("not in Confluent's wire format")

func (d *decoder) value(ctx context.Context, b []byte) (map[string]any, error) {
	if b == nil {
		return nil, nil
	}
	if len(b) < 5 || b[0] != 0 {
		return nil, errWireFormat
	}
	schema, err := d.schema(ctx, binary.BigEndian.Uint32(b[1:]))
	if err != nil {
		return nil, err
	}
	v, err := schema.Decode(b[5:])
	if err != nil {
		return nil, err
	}
	record, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("value is %T, not a record", v)
	}
	return record, nil
}

// schema fetches a schema from the registry, once.
func (d *decoder) schema(ctx context.Context, id uint32) (*avro.Schema, error) {
	if s := d.schemas[id]; s != nil {
		return s, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/schemas/ids/%d", d.registry, id), http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("get schema %d: %w", id, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("get schema %d: %w", id, err)
	}
	var body struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b, &body); err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get schema %d: status %d: %s", id, resp.StatusCode, b)
	}
	s, err := avro.Parse(body.Schema)
	if err != nil {
		return nil, err
	}
	d.schemas[id] = s
	return s, nil
}
