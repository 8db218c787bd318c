package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

const keySchema = sdk.SchemaID(1)

func mustOpen(t *testing.T, c *kafkatest.Cluster, config map[string]any) *host {
	t.Helper()
	if config == nil {
		config = map[string]any{}
	}
	config["brokers"] = c.ListenAddrs()
	h, err := open(t, config)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return h
}

func TestSink(t *testing.T) {
	t.Parallel()

	t.Run("writes records, tombstones, headers and times", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.DefaultNumPartitions(1))
		h := mustOpen(t, cluster, nil)
		at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		p := &payload{}
		to := p.target(sdk.Target{Topic: "a", KeySchema: keySchema, Headers: []sdk.Header{{Key: "t", Value: []byte("1")}}})
		p.message(sdk.Message{Target: to, Key: []byte("k"), Value: []byte("v"), Time: at.UnixMilli()})
		p.message(sdk.Message{Target: to, Key: []byte("k"), Time: at.UnixMilli(), Headers: []sdk.Header{{Key: "m", Value: []byte("2")}}})
		h.send(t, p)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range cluster.Records(t, "a", 2) {
			got = append(got, fmt.Sprintf("%s=%q nil=%v %v %s", r.Key, r.Value, r.Value == nil, r.Headers, r.Timestamp.UTC().Format(time.RFC3339)))
		}
		want := []string{
			`k="v" nil=false [{t [49]}] 2026-01-02T03:04:05Z`,
			`k="" nil=true [{t [49]} {m [50]}] 2026-01-02T03:04:05Z`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("records (-want +got):\n%s", diff)
		}
	})

	t.Run("puts each key where the Java client does, in order", func(t *testing.T) {
		t.Parallel()
		const partitions, keys, rounds = 7, 50, 20
		cluster := kafkatest.Start(t, kfake.NumBrokers(3), kfake.DefaultNumPartitions(partitions))
		h := mustOpen(t, cluster, map[string]any{"topics": map[string]any{"replication_factor": 1}})
		for round := range rounds {
			p := &payload{}
			to := p.target(sdk.Target{Topic: "a", KeySchema: keySchema})
			for k := range keys {
				p.message(sdk.Message{Target: to, Key: fmt.Appendf(nil, "key-%d", k), Value: fmt.Append(nil, round), Time: 1})
			}
			h.send(t, p)
		}
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		java := kgo.StickyKeyPartitioner(nil).ForTopic("a")
		next := map[string]int{}
		for _, r := range cluster.Records(t, "a", keys*rounds) {
			key := string(r.Key)
			if want := java.Partition(&kgo.Record{Key: r.Key}, partitions); int(r.Partition) != want {
				t.Fatalf("%s is in partition %d, want %d", key, r.Partition, want)
			}
			if want := fmt.Sprint(next[key]); string(r.Value) != want {
				t.Fatalf("%s has %s where %s is next", key, r.Value, want)
			}
			next[key]++
		}
	})

	t.Run("spreads records without a key, a batch to one partition", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.DefaultNumPartitions(3))
		h := mustOpen(t, cluster, nil)
		for range 3 {
			p := &payload{}
			to := p.target(sdk.Target{Topic: "log"})
			for range 10 {
				p.message(sdk.Message{Target: to, Value: []byte("v")})
			}
			h.send(t, p)
		}
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		got := map[int32]int{}
		for _, r := range cluster.Records(t, "log", 30) {
			got[r.Partition]++
			if age := time.Since(r.Timestamp); age > time.Hour {
				t.Errorf("a record without a time is %v old", age)
			}
		}
		if diff := cmp.Diff(map[int32]int{0: 10, 1: 10, 2: 10}, got); diff != "" {
			t.Errorf("records by partition (-want +got):\n%s", diff)
		}
	})

	t.Run("keeps the headers of two targets of one topic apart", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.DefaultNumPartitions(1))
		h := mustOpen(t, cluster, nil)
		p := &payload{}
		one := p.target(sdk.Target{Topic: "a", KeySchema: keySchema, Headers: []sdk.Header{{Key: "h", Value: []byte("1")}}})
		two := p.target(sdk.Target{Topic: "a", KeySchema: keySchema, Headers: []sdk.Header{{Key: "h", Value: []byte("2")}}})
		for _, to := range []int{one, two, one} {
			p.message(sdk.Message{Target: to, Key: []byte("k"), Time: 1})
		}
		h.send(t, p)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		var got string
		for _, r := range cluster.Records(t, "a", 3) {
			got += string(r.Headers[0].Value)
		}
		if got != "121" {
			t.Errorf("got headers %s, want 121", got)
		}
	})

	t.Run("leaves out what is for state only, and acknowledges it", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.DefaultNumPartitions(1))
		h := mustOpen(t, cluster, map[string]any{"topics": map[string]any{"create": false}})
		only := &payload{} // its topic does not exist, which would be an error
		only.message(sdk.Message{Target: only.target(sdk.Target{Topic: "none"}), Value: []byte("t"), StateOnly: true})
		h.send(t, only)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("keeps what stands around that which is for state only", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.DefaultNumPartitions(1))
		h := mustOpen(t, cluster, nil)
		p := &payload{}
		to := p.target(sdk.Target{Topic: "a", KeySchema: keySchema})
		p.message(sdk.Message{Target: to, Key: []byte("k"), Value: []byte("1"), Time: 1})
		p.message(sdk.Message{Target: to, Value: []byte("t"), Time: 1, StateOnly: true}) // a compacted topic takes no record without a key
		p.message(sdk.Message{Target: to, Key: []byte("k"), Value: []byte("2"), Time: 1})
		h.send(t, p)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		var got string
		for _, r := range cluster.Records(t, "a", 2) {
			got += string(r.Value)
		}
		if got != "12" {
			t.Errorf("got %s, want 12", got)
		}
	})

	t.Run("stops when what it has received is acknowledged", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.SeedTopics(1, "a"))
		seen := make(chan struct{}, 10)
		cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
			seen <- struct{}{}
			cluster.SleepControl(func() { time.Sleep(100 * time.Millisecond) })
			return nil, nil, false
		})
		h := mustOpen(t, cluster, nil)
		p := &payload{}
		p.message(sdk.Message{Target: p.target(sdk.Target{Topic: "a", KeySchema: keySchema}), Key: []byte("k"), Time: 1})
		h.send(t, p)
		<-seen
		res, err := h.plugin.Stop(t.Context(), &leatv1.StopRequest{})
		if err != nil || res.GetFailure() != nil {
			t.Fatalf("stop: %v, %v", err, res.GetFailure())
		}
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		cluster.Records(t, "a", 1)
	})
}

func TestSinkFails(t *testing.T) {
	t.Parallel()
	message := func(t sdk.Target, m sdk.Message) *payload {
		p := &payload{}
		m.Target = p.target(t)
		p.message(m)
		return p
	}
	changes := &payload{}
	changes.change()
	tests := map[string]struct {
		opts    []kfake.Opt
		config  map[string]any
		payload *payload
		want    string
	}{
		"on a change, which no transform has made a message": {payload: changes, want: "give the pipeline a transform"},
		"on a payload that is broken":                        {payload: &payload{buf: []byte{4}, count: 1}, want: "malformed record"},
		"on a topic that must not be created": {
			config:  map[string]any{"topics": map[string]any{"create": false}},
			payload: message(sdk.Target{Topic: "a", KeySchema: keySchema}, sdk.Message{Key: []byte("k")}),
			want:    `topic "a" does not exist`,
		},
		"on a record that is too large": {
			opts:    []kfake.Opt{kfake.BrokerConfigs(map[string]string{"message.max.bytes": "1000"})},
			config:  map[string]any{"compression": "none"},
			payload: message(sdk.Target{Topic: "a", KeySchema: keySchema}, sdk.Message{Key: []byte("k"), Value: make([]byte, 2000)}),
			want:    "a value of 2000 bytes",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustOpen(t, kafkatest.Start(t, tt.opts...), tt.config)
			h.send(t, tt.payload)
			err := h.settle(t)
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a permanent error with %q", err, tt.want)
			}
		})
	}

	t.Run("at once without a broker, to be tried again", func(t *testing.T) {
		t.Parallel()
		if _, err := open(t, map[string]any{"brokers": []string{"127.0.0.1:1"}}); err == nil || !sdk.IsTransient(err) {
			t.Errorf("got %v, want a transient error", err)
		}
	})

	t.Run("for good when the login is refused", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.EnableSASL(), kfake.Superuser("PLAIN", "u", "p"))
		cluster.RefuseLogin()
		_, err := open(t, map[string]any{
			"brokers": cluster.ListenAddrs(),
			"sasl":    map[string]any{"mechanism": "PLAIN", "username": "u", "password": "p"},
		})
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "sasl.password") {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
}

func TestValidate(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Start(t)
	config := fmt.Appendf(nil, `{"brokers": [%q], "topics": {"replication_factor": 1}}`, cluster.ListenAddrs()[0])
	res, err := newPlugin().Validate(t.Context(), &leatv1.ValidateRequest{Config: config, Live: true, Pipeline: "p", Name: "kafka"})
	if err != nil {
		t.Fatal(err)
	}
	checks := map[string]bool{}
	for _, f := range res.GetFindings() {
		checks[f.GetCheck()] = true
		if f.GetSeverity() != leatv1.Severity_SEVERITY_OK {
			t.Errorf("finding %v", f)
		}
	}
	want := map[string]bool{
		"broker": true, "cluster": true, "replication": true, "record size": true, "idempotent write": true, "topic creation": true, "transactional id": true,
	}
	if diff := cmp.Diff(want, checks); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}
