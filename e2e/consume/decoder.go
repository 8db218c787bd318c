// Package consume reads what a pipeline wrote to Kafka with a client that leat
// does not use, and decodes it by the schemas of the registry.
package consume

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/leat-io/leat/sdk/avro"
)

// ErrWireFormat means that a key or value does not begin as Confluent's do.
var ErrWireFormat = errors.New("not in Confluent's wire format")

// Record is a record of Kafka, decoded.
type Record struct {
	*kgo.Record
	// Key is nil if the record has none.
	Key map[string]any
	// Value is nil for a tombstone.
	Value map[string]any
}

// Op returns the envelope's op, empty for a tombstone.
func (r *Record) Op() string {
	op, _ := r.Value["op"].(string)
	return op
}

// Before and After return the envelope's rows, nil where there is none.
func (r *Record) Before() map[string]any { return Row(r.Value["before"]) }

// After returns the row after the change.
func (r *Record) After() map[string]any { return Row(r.Value["after"]) }

// Source returns the envelope's source block.
func (r *Record) Source() map[string]any {
	m, _ := r.Value["source"].(map[string]any)
	return m
}

// Row takes a row out of the union around it.
func Row(v any) map[string]any {
	m, _ := v.(map[string]any)
	if len(m) == 1 {
		for _, inner := range m {
			if r, ok := inner.(map[string]any); ok {
				return r
			}
		}
	}
	return m
}

// Decoder decodes records. It is safe for concurrent use.
type Decoder struct {
	// Registry is the root of Confluent's API.
	Registry string

	mu      sync.Mutex
	schemas map[uint32]*avro.Schema
}

// Decode decodes key and value.
func (d *Decoder) Decode(ctx context.Context, r *kgo.Record) (*Record, error) {
	key, err := d.value(ctx, r.Key)
	if err != nil {
		return nil, fmt.Errorf("decode key of %s at %d: %w", r.Topic, r.Offset, err)
	}
	value, err := d.value(ctx, r.Value)
	if err != nil {
		return nil, fmt.Errorf("decode value of %s at %d: %w", r.Topic, r.Offset, err)
	}
	return &Record{Record: r, Key: key, Value: value}, nil
}

func (d *Decoder) value(ctx context.Context, b []byte) (map[string]any, error) {
	if b == nil {
		return nil, nil
	}
	if len(b) < 5 || b[0] != 0 {
		return nil, ErrWireFormat
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
		return nil, fmt.Errorf("%T is not a record", v)
	}
	return record, nil
}

// schema fetches a schema from the registry, once.
func (d *Decoder) schema(ctx context.Context, id uint32) (*avro.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.schemas[id]; s != nil {
		return s, nil
	}
	text, err := d.fetch(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("get schema %d: %w", id, err)
	}
	s, err := avro.Parse(text)
	if err != nil {
		return nil, err
	}
	if d.schemas == nil {
		d.schemas = map[uint32]*avro.Schema{}
	}
	d.schemas[id] = s
	return s, nil
}

func (d *Decoder) fetch(ctx context.Context, id uint32) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/schemas/ids/%d", d.Registry, id), http.NoBody)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	var body struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b, &body); err != nil || resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d: %s", resp.StatusCode, b)
	}
	return body.Schema, nil
}
