//go:build e2e

package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func startKafka(t *testing.T) *servers.KafkaServer {
	t.Helper()
	server, err := servers.Kafka(t.Context(), servers.Options{Flags: []string{"num.partitions=4"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop kafka: %v", err)
		}
	})
	return server
}

func openReal(t *testing.T, k *servers.KafkaServer) *host {
	t.Helper()
	h, err := open(t, map[string]any{"brokers": strings.Split(k.Bootstrap, ",")})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return h
}

func one(topic string, keys sdk.SchemaID, m sdk.Message) *payload {
	p := &payload{}
	m.Target = p.target(sdk.Target{Topic: topic, KeySchema: keys})
	p.message(m)
	return p
}

// TestRealKafka runs against one broker, one part after the other.
func TestRealKafka(t *testing.T) {
	k := startKafka(t)

	t.Run("validation finds nothing", func(t *testing.T) {
		config := fmt.Appendf(nil, `{"brokers": [%q]}`, strings.Split(k.Bootstrap, ",")[0])
		res, err := newPlugin().Validate(t.Context(), &leatv1.ValidateRequest{Config: config, Live: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range res.GetFindings() {
			if f.GetSeverity() != leatv1.Severity_SEVERITY_OK {
				t.Errorf("finding %v", f)
			}
		}
	})

	t.Run("an outage of the broker costs neither records nor order", func(t *testing.T) {
		h := openReal(t, k)
		const batches, keys = 400, 20
		for i := range batches {
			if i == batches/4 {
				if err := k.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(2*time.Second, func() {
					if err := k.Start(t.Context()); err != nil {
						t.Errorf("start kafka: %v", err)
					}
				})
			}
			p := &payload{}
			to := p.target(sdk.Target{Topic: "outage", KeySchema: keySchema})
			for key := range keys {
				p.message(sdk.Message{Target: to, Key: fmt.Append(nil, key), Value: fmt.Append(nil, i), Time: time.Now().UnixMilli()})
			}
			h.send(t, p)
			if i < batches/4 {
				time.Sleep(time.Millisecond)
			}
		}
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		next := map[string]int{}
		for _, r := range kafkatest.Records(t, strings.Split(k.Bootstrap, ","), "outage", batches*keys) {
			if want := fmt.Sprint(next[string(r.Key)]); string(r.Value) != want {
				t.Fatalf("%s has %s where %s is next", r.Key, r.Value, want)
			}
			next[string(r.Key)]++
		}
	})

	t.Run("a record without a key in a compacted topic is refused", func(t *testing.T) {
		h := openReal(t, k)
		h.send(t, one("keyed", keySchema, sdk.Message{Value: []byte("v"), Time: 1}))
		if err := h.settle(t); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "INVALID_RECORD") {
			t.Errorf("got %v", err)
		}
		h = openReal(t, k)
		h.send(t, one("keyed", 0, sdk.Message{Value: []byte("v"), Time: 1}))
		if err := h.settle(t); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "cleanup.policy=compact") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a record that is too large is refused", func(t *testing.T) {
		value := make([]byte, 2<<20)
		for i := range value {
			value[i] = byte(rand.Uint32())
		}
		h, err := open(t, map[string]any{
			"brokers": strings.Split(k.Bootstrap, ","),
			"topics":  map[string]any{"config": map[string]any{"max.message.bytes": "1000000"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		h.send(t, one("large", keySchema, sdk.Message{Key: []byte("k"), Value: value, Time: 1}))
		if err := h.settle(t); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "MESSAGE_TOO_LARGE") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a name that Kafka does not allow is refused", func(t *testing.T) {
		h := openReal(t, k)
		h.send(t, one("a b", keySchema, sdk.Message{Key: []byte("k"), Time: 1}))
		if err := h.settle(t); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), `"a b"`) {
			t.Errorf("got %v", err)
		}
	})
}
