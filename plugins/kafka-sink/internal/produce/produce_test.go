package produce_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
)

func TestMain(m *testing.M) { kafkatest.Run(m) }

// rig is a producer on a fake cluster.
type rig struct {
	*produce.Producer
	cluster *kafkatest.Cluster
	client  *client.Client

	mu   sync.Mutex
	errs []error
	wait sync.WaitGroup
}

func settings(t testing.TB) produce.Settings {
	m, err := produce.NewMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	return produce.Settings{
		Compression:     sarama.CompressionLZ4,
		BatchBytes:      64 << 10,
		InFlightBytes:   1 << 20,
		RequestTimeout:  5 * time.Second,
		DeliveryTimeout: 10 * time.Second,
		BackoffMin:      time.Millisecond,
		BackoffMax:      20 * time.Millisecond,
		Logger:          slog.New(slog.DiscardHandler),
		Metrics:         m,
	}
}

func newRig(t testing.TB, s produce.Settings, opts ...kfake.Opt) *rig {
	t.Helper()
	cluster := kafkatest.Start(t, opts...)
	c, err := client.New(client.Settings{
		Brokers: cluster.ListenAddrs(), ClientID: "test",
		DialTimeout: time.Second, RequestTimeout: s.RequestTimeout,
	})
	if err != nil {
		t.Fatalf("make client: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	p, err := produce.Open(c, s)
	if err != nil {
		t.Fatalf("open producer: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		c.Cut()
		_ = p.Close(ctx)
	})
	return &rig{Producer: p, cluster: cluster, client: c}
}

type put struct {
	topic     *produce.Topic
	partition int32
	produce.Record
}

// group sends records as one group.
func (r *rig) group(t testing.TB, puts ...put) {
	t.Helper()
	size := 0
	for _, p := range puts {
		size += len(p.Key) + len(p.Value)
	}
	r.wait.Add(1)
	g, err := r.Begin(t.Context(), len(puts), int64(size), r.done)
	if err != nil {
		r.done(err)
		return
	}
	for _, p := range puts {
		g.Add(p.topic, p.partition, p.Record)
	}
	g.End()
}

func (r *rig) done(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
	r.wait.Done()
}

// results waits for all groups and returns their errors.
func (r *rig) results() []error {
	r.wait.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.errs
}

func (r *rig) mustSucceed(t testing.TB) {
	t.Helper()
	if err := errors.Join(r.results()...); err != nil {
		t.Fatalf("groups: %v", err)
	}
}

// stream sends n groups of records whose values count up in each partition.
func (r *rig) stream(t testing.TB, topic *produce.Topic, groups, partitions, each int) {
	t.Helper()
	for g := range groups {
		var puts []put
		for i := range each {
			for p := range partitions {
				value := fmt.Appendf(nil, "%06d", g*each+i)
				puts = append(puts, put{topic, int32(p), produce.Record{Key: []byte("k"), Value: value, Time: 1}})
			}
		}
		r.group(t, puts...)
	}
}

// checkOrder wants each partition to have the values 0 to n-1 once, in order.
func (r *rig) checkOrder(t testing.TB, topic string, partitions, n int) {
	t.Helper()
	next := map[int32]int{}
	for _, rec := range r.cluster.Records(t, topic, partitions*n) {
		if want := fmt.Sprintf("%06d", next[rec.Partition]); string(rec.Value) != want {
			t.Fatalf("partition %d, offset %d: got %s, want %s", rec.Partition, rec.Offset, rec.Value, want)
		}
		next[rec.Partition]++
	}
}

func TestProducer(t *testing.T) {
	t.Parallel()

	t.Run("writes key, value, headers and time", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(2, "a"))
		topic := r.Topic("a", 2)
		at := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
		r.group(t,
			put{topic, 1, produce.Record{
				Key: []byte("k"), Value: []byte("v"), Time: at.UnixMilli(),
				Headers: []*sarama.RecordHeader{{Key: []byte("h"), Value: []byte("x")}, {Key: []byte("n")}},
			}},
			put{topic, 1, produce.Record{Key: []byte{}, Value: nil, Time: at.Add(-time.Hour).UnixMilli()}},
			put{topic, 1, produce.Record{Key: nil, Value: []byte{}, Time: at.Add(time.Hour).UnixMilli()}})
		r.mustSucceed(t)
		got := r.cluster.Records(t, "a", 3)
		type row struct {
			Key, Value []byte
			Headers    []string
			Time       time.Time
			Partition  int32
		}
		var rows []row
		for _, rec := range got {
			var hs []string
			for _, h := range rec.Headers {
				hs = append(hs, h.Key+"="+string(h.Value))
			}
			rows = append(rows, row{rec.Key, rec.Value, hs, rec.Timestamp.UTC(), rec.Partition})
		}
		want := []row{
			{[]byte("k"), []byte("v"), []string{"h=x", "n="}, at, 1},
			{[]byte{}, nil, nil, at.Add(-time.Hour), 1},
			{nil, []byte{}, nil, at.Add(time.Hour), 1},
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("records (-want +got):\n%s", diff)
		}
	})

	t.Run("keeps the order of each partition over many groups and brokers", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.NumBrokers(3), kfake.SeedTopics(6, "a"))
		r.stream(t, r.Topic("a", 6), 100, 6, 20)
		r.mustSucceed(t)
		r.checkOrder(t, "a", 6, 2000)
	})

	for _, name := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		t.Run("compresses with "+name, func(t *testing.T) {
			t.Parallel()
			s := settings(t)
			if err := s.Compression.UnmarshalText([]byte(name)); err != nil {
				t.Fatal(err)
			}
			r := newRig(t, s, kfake.SeedTopics(1, "a"))
			r.stream(t, r.Topic("a", 1), 2, 1, 500)
			r.mustSucceed(t)
			r.checkOrder(t, "a", 1, 1000)
		})
	}

	t.Run("splits what exceeds the batch size", func(t *testing.T) {
		t.Parallel()
		s := settings(t)
		s.BatchBytes = 100
		r := newRig(t, s, kfake.SeedTopics(1, "a"))
		r.stream(t, r.Topic("a", 1), 10, 1, 20)
		r.mustSucceed(t)
		r.checkOrder(t, "a", 1, 200)
	})

	t.Run("a group without records is done", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t))
		r.group(t)
		r.mustSucceed(t)
	})

	t.Run("an aborted group sends nothing", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(1, "a"))
		topic := r.Topic("a", 1)
		stop := errors.New("stop")
		r.wait.Add(1)
		g, err := r.Begin(t.Context(), 1, 1, r.done)
		if err != nil {
			t.Fatal(err)
		}
		g.Add(topic, 0, produce.Record{Value: []byte("lost")})
		g.Abort(stop)
		if got := r.results(); !errors.Is(got[0], stop) {
			t.Errorf("got %v, want %v", got, stop)
		}
		r.stream(t, topic, 1, 1, 1)
		r.wait.Wait()
		r.checkOrder(t, "a", 1, 1)
	})

	t.Run("holds back when too much is in flight", func(t *testing.T) {
		t.Parallel()
		s := settings(t)
		s.InFlightBytes = 10
		r := newRig(t, s, kfake.SeedTopics(1, "a"))
		release := make(chan struct{})
		r.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.SleepControl(func() { <-release })
			return nil, nil, false
		})
		r.stream(t, r.Topic("a", 1), 1, 1, 2)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := r.Begin(ctx, 1, 1, r.done); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want a wait", err)
		}
		close(release)
		r.mustSucceed(t)
	})
}

// refuse answers the next n produce requests with a code for each partition.
func (r *rig) refuse(n int, code int16) {
	for range n {
		r.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
			return answer(req.(*kmsg.ProduceRequest), code), nil, true
		})
	}
}

func answer(req *kmsg.ProduceRequest, code int16) *kmsg.ProduceResponse {
	res := req.ResponseKind().(*kmsg.ProduceResponse)
	for _, t := range req.Topics {
		rt := kmsg.NewProduceResponseTopic()
		rt.Topic, rt.TopicID = t.Topic, t.TopicID
		for _, p := range t.Partitions {
			rp := kmsg.NewProduceResponseTopicPartition()
			rp.Partition, rp.ErrorCode = p.Partition, code
			rt.Partitions = append(rt.Partitions, rp)
		}
		res.Topics = append(res.Topics, rt)
	}
	return res
}

func TestProducerRetries(t *testing.T) {
	t.Parallel()
	for _, err := range []*kerr.Error{
		kerr.NotLeaderForPartition, kerr.NotEnoughReplicas, kerr.NotEnoughReplicasAfterAppend,
		kerr.RequestTimedOut, kerr.LeaderNotAvailable, kerr.KafkaStorageError, kerr.UnknownTopicOrPartition,
	} {
		t.Run("after "+err.Message+" in order", func(t *testing.T) {
			t.Parallel()
			r := newRig(t, settings(t), kfake.SeedTopics(3, "a"))
			r.refuse(5, err.Code)
			r.stream(t, r.Topic("a", 3), 50, 3, 10)
			r.mustSucceed(t)
			r.checkOrder(t, "a", 3, 500)
		})
	}

	t.Run("when the connection breaks before the request is read", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(3, "a"))
		for range 4 {
			r.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
				return nil, errors.New("cut"), true
			})
		}
		r.stream(t, r.Topic("a", 3), 50, 3, 10)
		r.mustSucceed(t)
		r.checkOrder(t, "a", 3, 500)
	})

	t.Run("once only when the acknowledgement is lost", func(t *testing.T) {
		t.Parallel()
		var lost lossy
		r := newRig(t, settings(t), kfake.ListenFn(lost.listen), kfake.SeedTopics(2, "a"))
		seen := 0
		r.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
			if seen++; seen%3 == 1 {
				lost.next.Store(true)
			}
			return nil, nil, false
		})
		r.stream(t, r.Topic("a", 2), 50, 2, 10)
		r.mustSucceed(t)
		r.checkOrder(t, "a", 2, 500)
		if lost.count.Load() == 0 {
			t.Error("no acknowledgement was lost")
		}
	})

	t.Run("follows a partition to its new leader", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.NumBrokers(3), kfake.SeedTopics(3, "a"))
		topic := r.Topic("a", 3)
		for i := range 30 {
			for p := range int32(3) {
				if err := r.cluster.MoveTopicPartition("a", p, (p+int32(i))%3); err != nil {
					t.Fatal(err)
				}
			}
			r.group(t, put{topic, 0, produce.Record{Value: fmt.Appendf(nil, "%06d", i), Time: 1}},
				put{topic, 1, produce.Record{Value: fmt.Appendf(nil, "%06d", i), Time: 1}},
				put{topic, 2, produce.Record{Value: fmt.Appendf(nil, "%06d", i), Time: 1}})
		}
		r.mustSucceed(t)
		r.checkOrder(t, "a", 3, 30)
	})
}

func TestProducerFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code      int16
		transient bool
		text      string
	}{
		"permanently for an unauthorised topic":      {kerr.TopicAuthorizationFailed.Code, false, "TOPIC_AUTHORIZATION_FAILED"},
		"permanently for an invalid record":          {kerr.InvalidRecord.Code, false, "INVALID_RECORD"},
		"permanently when fenced":                    {kerr.ProducerFenced.Code, false, "another producer with the same transactional id"},
		"for a restart when the sequence has a gap":  {kerr.OutOfOrderSequenceNumber.Code, true, "OUT_OF_ORDER_SEQUENCE_NUMBER"},
		"for a restart when the producer is unknown": {kerr.UnknownProducerID.Code, true, "UNKNOWN_PRODUCER_ID"},
		"for a restart on a code nobody knows":       {4711, true, "4711"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, settings(t), kfake.SeedTopics(1, "orders"))
			topic := r.Topic("orders", 1)
			r.refuse(1, tt.code)
			r.stream(t, topic, 20, 1, 1)
			for i, err := range r.results() {
				if err == nil || sdk.IsTransient(err) != tt.transient {
					t.Fatalf("group %d: transient %v, want %v: %v", i, sdk.IsTransient(err), tt.transient, err)
				}
				for _, part := range []string{`"orders"`, "partition 0", tt.text} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("error does not name %s: %v", part, err)
					}
				}
			}
			r.cluster.Records(t, "orders", 0)
		})
	}

	t.Run("with delivery_timeout when nothing helps", func(t *testing.T) {
		t.Parallel()
		s := settings(t)
		s.DeliveryTimeout = 50 * time.Millisecond
		r := newRig(t, s, kfake.SeedTopics(1, "a"))
		r.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.KeepControl()
			return answer(req.(*kmsg.ProduceRequest), kerr.NotEnoughReplicas.Code), nil, true
		})
		r.stream(t, r.Topic("a", 1), 3, 1, 1)
		for _, err := range r.results() {
			if !sdk.IsTransient(err) || !strings.Contains(fmt.Sprint(err), "delivery_timeout of 50ms") {
				t.Errorf("got %v", err)
			}
		}
	})

	t.Run("with a transient error when the broker is gone", func(t *testing.T) {
		t.Parallel()
		s := settings(t)
		s.DeliveryTimeout = 100 * time.Millisecond
		r := newRig(t, s, kfake.SeedTopics(1, "a"))
		topic := r.Topic("a", 1)
		r.stream(t, topic, 1, 1, 1)
		r.mustSucceed(t)
		r.cluster.Close()
		r.stream(t, topic, 1, 1, 1)
		if err := r.results()[1]; err == nil || !sdk.IsTransient(err) {
			t.Errorf("got %v, want a transient error", err)
		}
		if _, err := r.Begin(t.Context(), 1, 1, r.done); err == nil {
			t.Error("a failed producer takes another group")
		}
	})
}

func TestProducerTooLarge(t *testing.T) {
	t.Parallel()
	limit := kfake.BrokerConfigs(map[string]string{"message.max.bytes": "2000"})

	t.Run("a batch is split until it fits", func(t *testing.T) {
		t.Parallel()
		s := settings(t)
		s.Compression = sarama.CompressionNone
		r := newRig(t, s, kfake.SeedTopics(1, "a"), limit)
		r.stream(t, r.Topic("a", 1), 5, 1, 200)
		r.mustSucceed(t)
		r.checkOrder(t, "a", 1, 1000)
	})

	t.Run("a record stops the sink, with its size and the cure", func(t *testing.T) {
		t.Parallel()
		s := settings(t)
		s.Compression = sarama.CompressionNone
		r := newRig(t, s, kfake.SeedTopics(1, "a"), limit)
		topic := r.Topic("a", 1)
		r.group(t, put{topic, 0, produce.Record{Key: []byte("key"), Value: make([]byte, 5000), Time: 1}})
		err := r.results()[0]
		if sdk.IsTransient(err) {
			t.Errorf("error is transient: %v", err)
		}
		for _, part := range []string{`"a"`, "a key of 3 and a value of 5000 bytes", "max.message.bytes"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("error does not name %s: %v", part, err)
			}
		}
	})
}

func TestProducerClose(t *testing.T) {
	t.Parallel()
	t.Run("waits for what was taken", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(2, "a"))
		r.stream(t, r.Topic("a", 2), 20, 2, 50)
		if err := r.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.mustSucceed(t)
		r.checkOrder(t, "a", 2, 1000)
	})
	t.Run("gives up when the context ends", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(1, "a"))
		release := make(chan struct{})
		t.Cleanup(func() { close(release) })
		r.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.SleepControl(func() { <-release })
			return nil, nil, false
		})
		r.stream(t, r.Topic("a", 1), 2, 1, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		context.AfterFunc(ctx, r.client.Cut)
		if err := r.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want deadline exceeded", err)
		}
		for _, err := range r.results() {
			if !errors.Is(err, produce.ErrClosed) || !sdk.IsTransient(err) {
				t.Errorf("got %v, want %v", err, produce.ErrClosed)
			}
		}
	})
}
