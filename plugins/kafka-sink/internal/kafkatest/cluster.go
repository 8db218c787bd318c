// Package kafkatest runs a Kafka cluster in the test's process and reads back
// what was written to it, with another client than the sink's.
package kafkatest

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"
)

// Cluster is a fake cluster.
type Cluster struct {
	*kfake.Cluster
}

// Start runs a cluster of one broker, unless opts say otherwise, until the test ends.
func Start(t testing.TB, opts ...kfake.Opt) *Cluster {
	t.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1)}, opts...)...)
	if err != nil {
		t.Fatalf("start cluster: %v", err)
	}
	t.Cleanup(c.Close)
	return &Cluster{Cluster: c}
}

// Records reads the first n records of a topic, in the order of each partition,
// and fails the test if one more comes within a moment.
func (c *Cluster) Records(t testing.TB, topic string, n int) []*kgo.Record {
	t.Helper()
	return Records(t, c.ListenAddrs(), topic, n)
}

// Records does the same with any cluster.
func Records(t testing.TB, brokers []string, topic string, n int) []*kgo.Record {
	t.Helper()
	client := consume(t, brokers, topic)
	defer client.Close()
	all := atLeast(t, client, topic, n)
	if all = append(all, poll(client, 100*time.Millisecond)...); len(all) > n {
		t.Fatalf("topic %s has %d records, want %d", topic, len(all), n)
	}
	return all
}

// All returns what a topic holds, in the order of each partition; nothing if
// there is no such topic. What is written meanwhile may be there or not.
func (c *Cluster) All(t testing.TB, topic string) []*kgo.Record {
	t.Helper()
	n := 0
	for _, p := range c.PartitionInfos(topic) {
		n += int(p.HighWatermark)
	}
	if n == 0 {
		return nil
	}
	client := consume(t, c.ListenAddrs(), topic)
	defer client.Close()
	return atLeast(t, client, topic, n)
}

func consume(t testing.TB, brokers []string, topic string) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(50*time.Millisecond),
		kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		t.Fatalf("make consumer: %v", err)
	}
	return client
}

// atLeast reads until there are n records.
func atLeast(t testing.TB, client *kgo.Client, topic string, n int) []*kgo.Record {
	t.Helper()
	var all []*kgo.Record
	for len(all) < n {
		fetched := poll(client, 10*time.Second)
		if len(fetched) == 0 {
			t.Fatalf("topic %s has %d records, want %d", topic, len(all), n)
		}
		all = append(all, fetched...)
	}
	return all
}

func poll(c *kgo.Client, d time.Duration) []*kgo.Record {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return c.PollFetches(ctx).Records()
}

// Metrics is a goroutine that sarama's metrics library starts once for the process.
var Metrics = goleak.IgnoreTopFunction("github.com/rcrowley/go-metrics.(*meterArbiter).tick")

// Run runs the tests of a package and fails if they leave goroutines behind.
func Run(m *testing.M) { goleak.VerifyTestMain(m, Metrics) }

// RefuseLogin makes the cluster answer every login as a broker does that does
// not know the password; the fake itself hangs up.
func (c *Cluster) RefuseLogin() {
	c.ControlKey(int16(kmsg.SASLAuthenticate), func(req kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		res := req.ResponseKind().(*kmsg.SASLAuthenticateResponse)
		res.ErrorCode = kerr.SaslAuthenticationFailed.Code
		return res, nil, true
	})
}
