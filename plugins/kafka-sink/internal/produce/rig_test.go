package produce_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
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
		TransactionalID: "test",
		RenewEvery:      time.Hour,
		Compression:     sarama.CompressionLZ4,
		BatchBytes:      64 << 10,
		InFlightBytes:   1 << 20,
		RequestTimeout:  5 * time.Second,
		Patience:        produce.DefaultPatience,
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

// checkOrder wants each partition of topic a to have the values 0 to n-1 once, in order.
func (r *rig) checkOrder(t testing.TB, partitions, n int) {
	t.Helper()
	next := map[int32]int{}
	for _, rec := range r.cluster.Records(t, "a", partitions*n) {
		if want := fmt.Sprintf("%06d", next[rec.Partition]); string(rec.Value) != want {
			t.Fatalf("partition %d, offset %d: got %s, want %s", rec.Partition, rec.Offset, rec.Value, want)
		}
		next[rec.Partition]++
	}
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
