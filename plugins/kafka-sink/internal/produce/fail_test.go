package produce_test

import (
	"strings"
	"testing"

	"github.com/IBM/sarama"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
)

func TestProducerFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code      int16
		transient bool
		text      string
	}{
		"permanently for an unauthorised topic":      {kerr.TopicAuthorizationFailed.Code, false, "TOPIC_AUTHORIZATION_FAILED"},
		"permanently for an invalid record":          {kerr.InvalidRecord.Code, false, "INVALID_RECORD"},
		"permanently when fenced":                    {kerr.ProducerFenced.Code, false, "another process has claimed the same transactional id"},
		"permanently on an epoch of before":          {kerr.InvalidProducerEpoch.Code, false, "another process has claimed the same transactional id"},
		"for a restart when the sequence has a gap":  {kerr.OutOfOrderSequenceNumber.Code, true, "OUT_OF_ORDER_SEQUENCE_NUMBER"},
		"for a restart when the producer is unknown": {kerr.UnknownProducerID.Code, true, "UNKNOWN_PRODUCER_ID"},
		"for a restart on a code nobody knows":       {4711, true, "4711"},
		"for a restart on one that is not for us":    {kerr.RebalanceInProgress.Code, true, "REBALANCE_IN_PROGRESS"},
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

	t.Run("a producer that has failed takes nothing more, and is not healthy", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(1, "a"))
		if err := r.Health(); err != nil {
			t.Errorf("not healthy before: %v", err)
		}
		r.refuse(1, kerr.InvalidRecord.Code)
		r.stream(t, r.Topic("a", 1), 1, 1, 1)
		r.wait.Wait()
		if err := r.Health(); err == nil {
			t.Error("healthy after the failure")
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
		r.checkOrder(t, 1, 1000)
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
