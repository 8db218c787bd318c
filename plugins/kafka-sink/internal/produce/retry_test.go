package produce_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
)

func TestProducerRetries(t *testing.T) {
	t.Parallel()
	for _, err := range []*kerr.Error{
		kerr.NotLeaderForPartition, kerr.NotEnoughReplicas, kerr.NotEnoughReplicasAfterAppend,
		kerr.RequestTimedOut, kerr.LeaderNotAvailable, kerr.SaslAuthenticationFailed, kerr.KafkaStorageError, kerr.UnknownTopicOrPartition,
	} {
		t.Run("after "+err.Message+" in order", func(t *testing.T) {
			t.Parallel()
			r := newRig(t, settings(t), kfake.SeedTopics(3, "a"))
			r.refuse(5, err.Code)
			r.stream(t, r.Topic("a", 3), 50, 3, 10)
			r.mustSucceed(t)
			r.checkOrder(t, 3, 500)
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
		r.checkOrder(t, 3, 500)
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
		r.checkOrder(t, 2, 500)
		if lost.count.Load() == 0 {
			t.Error("no acknowledgement was lost")
		}
	})

	t.Run("and tells of the partition meanwhile", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(1, "a"))
		var health error
		r.refuse(2, kerr.NotEnoughReplicas.Code)
		r.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
			health = r.Health()
			return nil, nil, false
		})
		r.stream(t, r.Topic("a", 1), 1, 1, 1)
		r.mustSucceed(t)
		if health == nil || !strings.Contains(health.Error(), `topic "a", partition 0 has taken no records since `) {
			t.Errorf("got %v while it refused", health)
		}
		if err := r.Health(); err != nil {
			t.Errorf("not healthy afterwards: %v", err)
		}
	})

	t.Run("and tells since when, which is that of the request that failed", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(1, "a"))
		var health error
		r.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.SleepControl(func() { time.Sleep(2100 * time.Millisecond) })
			return answer(req.(*kmsg.ProduceRequest), kerr.NotEnoughReplicas.Code), nil, true
		})
		r.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
			health = r.Health()
			return nil, nil, false
		})
		begun := time.Now()
		r.stream(t, r.Topic("a", 1), 1, 1, 1)
		r.mustSucceed(t)
		var since time.Time
		if m := regexp.MustCompile(`since (\S+)`).FindStringSubmatch(fmt.Sprint(health)); m != nil {
			since, _ = time.Parse(time.RFC3339, m[1])
		}
		if since.Sub(begun).Abs() > 2*time.Second {
			t.Errorf("got %v, which began at %v", health, begun)
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
		r.checkOrder(t, 3, 30)
	})
}
