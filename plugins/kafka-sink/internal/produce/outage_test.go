package produce_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
)

// refuseFor answers all produce requests with a code until a time has passed.
func (r *rig) refuseFor(d time.Duration, code int16) {
	until := time.Now().Add(d)
	r.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
		r.cluster.KeepControl()
		if time.Now().After(until) {
			return nil, nil, false
		}
		return answer(req.(*kmsg.ProduceRequest), code), nil, true
	})
}

func patient(t *testing.T, p produce.Patience) produce.Settings {
	s := settings(t)
	s.Patience = p
	return s
}

func TestPatience(t *testing.T) {
	t.Parallel()
	none := produce.Patience{}
	tests := map[string]struct {
		code      int16
		patience  produce.Patience
		transient bool
		want      string // "" if it is waited for
	}{
		"an outage is waited for without end":               {kerr.NotEnoughReplicas.Code, none, true, ""},
		"and one without a leader":                          {kerr.LeaderNotAvailable.Code, none, true, ""},
		"a login that is refused for a while":               {kerr.SaslAuthenticationFailed.Code, produce.Patience{Access: time.Minute}, true, ""},
		"a login that is refused for long":                  {kerr.SaslAuthenticationFailed.Code, produce.Patience{Access: 100 * time.Millisecond}, false, "SASL_AUTHENTICATION_FAILED"},
		"a topic that is gone for a moment":                 {kerr.UnknownTopicOrPartition.Code, produce.Patience{Gone: time.Minute}, true, ""},
		"a topic that was deleted is for the next start":    {kerr.UnknownTopicOrPartition.Code, produce.Patience{Gone: 100 * time.Millisecond}, true, "UNKNOWN_TOPIC_OR_PARTITION"},
		"what a person must mend is not waited for":         {kerr.TopicAuthorizationFailed.Code, produce.DefaultPatience, false, "TOPIC_AUTHORIZATION_FAILED"},
		"nor is what only a new producer is let through by": {kerr.UnknownProducerID.Code, produce.DefaultPatience, true, "UNKNOWN_PRODUCER_ID"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, patient(t, tt.patience), kfake.SeedTopics(2, "a"))
			r.refuseFor(500*time.Millisecond, tt.code)
			r.stream(t, r.Topic("a", 2), 20, 2, 5)
			if tt.want == "" {
				r.mustSucceed(t)
				r.checkOrder(t, 2, 100)
				return
			}
			for _, err := range r.results() {
				if err == nil || sdk.IsTransient(err) != tt.transient || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("got %v, want %s", err, tt.want)
				}
			}
		})
	}

	t.Run("counts from the first refusal of its kind, not from the outage before", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, patient(t, produce.Patience{Access: 300 * time.Millisecond}), kfake.SeedTopics(1, "a"))
		begun := time.Now()
		r.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.KeepControl()
			switch passed := time.Since(begun); {
			case passed < 400*time.Millisecond:
				return answer(req.(*kmsg.ProduceRequest), kerr.NotEnoughReplicas.Code), nil, true
			case passed < 550*time.Millisecond:
				return answer(req.(*kmsg.ProduceRequest), kerr.SaslAuthenticationFailed.Code), nil, true
			}
			return nil, nil, false
		})
		r.stream(t, r.Topic("a", 1), 3, 1, 1)
		r.mustSucceed(t)
	})

	t.Run("does not hold up the partitions that take records", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.NumBrokers(2), kfake.SeedTopics(1, "a"), kfake.SeedTopics(1, "b"))
		var refuse atomic.Bool
		refuse.Store(true)
		r.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.KeepControl()
			if p := req.(*kmsg.ProduceRequest); refuse.Load() && p.Topics[0].Topic == "b" {
				return answer(p, kerr.NotEnoughReplicas.Code), nil, true
			}
			return nil, nil, false
		})
		b := r.Topic("b", 1)
		r.group(t, put{b, 0, produce.Record{Value: []byte("1"), Time: 1}})
		for r.Health() == nil {
			time.Sleep(time.Millisecond)
		}
		done := make(chan error, 1)
		g, err := r.Begin(t.Context(), 1, 1, func(err error) { done <- err })
		if err != nil {
			t.Fatal(err)
		}
		g.Add(r.Topic("a", 1), 0, produce.Record{Value: []byte("1"), Time: 1})
		g.End()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := r.Health(); err == nil || !strings.Contains(err.Error(), `topic "b"`) {
			t.Errorf("health says %v", err)
		}
		refuse.Store(false)
		r.mustSucceed(t)
	})
}

// TestWarnings has what passes in a moment told to nobody.
func TestWarnings(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, quiet time.Duration) string {
		t.Helper()
		var log bytes.Buffer
		s := patient(t, produce.Patience{Quiet: quiet})
		s.Logger = slog.New(slog.NewTextHandler(&log, nil))
		r := newRig(t, s, kfake.SeedTopics(6, "a"))
		r.refuseFor(300*time.Millisecond, kerr.NotLeaderForPartition.Code)
		r.stream(t, r.Topic("a", 6), 3, 6, 1)
		r.mustSucceed(t)
		if err := r.Health(); err != nil {
			t.Errorf("not healthy afterwards: %v", err)
		}
		return log.String()
	}
	t.Run("none for a new topic's first moments", func(t *testing.T) {
		t.Parallel()
		if log := run(t, 10*time.Second); strings.Contains(log, "does not take records") || strings.Contains(log, "take records again") {
			t.Errorf("log has\n%s", log)
		}
	})
	t.Run("one when it lasts, for all partitions, and one when it is over", func(t *testing.T) {
		t.Parallel()
		log := run(t, 100*time.Millisecond)
		for _, want := range []string{"level=WARN msg=\"partition does not take records", "level=INFO msg=\"all partitions take records again"} {
			if strings.Count(log, want) != 1 {
				t.Errorf("log has not one %q:\n%s", want, log)
			}
		}
		if !strings.Contains(log, "partitions=6") || !strings.Contains(log, "NOT_LEADER_OR_FOLLOWER") {
			t.Errorf("log has\n%s", log)
		}
	})
}

func TestHealth(t *testing.T) {
	t.Parallel()

	t.Run("names a broker that does not answer, until it does", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, patient(t, produce.Patience{Stalled: 100 * time.Millisecond}), kfake.SeedTopics(1, "a"))
		answers := make(chan struct{})
		r.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.SleepControl(func() { <-answers })
			return nil, nil, false
		})
		r.stream(t, r.Topic("a", 1), 1, 1, 1)
		for begun := time.Now(); r.Health() == nil; time.Sleep(5 * time.Millisecond) {
			if time.Since(begun) > 10*time.Second {
				t.Fatal("healthy while a broker stalls")
			}
		}
		err := r.Health()
		for _, part := range []string{"broker 0 (" + r.cluster.ListenAddrs()[0] + ") has not answered a produce request for", "since 20"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("health lacks %q: %v", part, err)
			}
		}
		close(answers)
		r.mustSucceed(t)
		time.Sleep(20 * time.Millisecond) // until the sender has seen that nothing is left
		if err := r.Health(); err != nil {
			t.Errorf("not healthy afterwards: %v", err)
		}
	})

	t.Run("says that partitions have no leader, and how many", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(3, "a"))
		r.refuseFor(300*time.Millisecond, kerr.LeaderNotAvailable.Code)
		r.stream(t, r.Topic("a", 3), 1, 3, 1)
		var got string
		for !strings.Contains(got, "(and 2 more partitions)") {
			if err := r.Health(); err != nil {
				got = err.Error()
			}
			time.Sleep(time.Millisecond)
		}
		if !strings.Contains(got, "has had no leader since 20") {
			t.Errorf("health says %s", got)
		}
		r.mustSucceed(t)
	})

	t.Run("says that no broker can be reached, not that there is no leader", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(1, "a"))
		r.stream(t, r.Topic("a", 1), 1, 1, 1)
		r.mustSucceed(t)
		r.cluster.Close()
		r.stream(t, r.Topic("a", 1), 1, 1, 1)
		for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
			err := r.Health()
			if err != nil && strings.Contains(err.Error(), "connection refused") {
				break
			}
			if time.Since(begun) > 10*time.Second {
				t.Fatalf("health says %v", err)
			}
		}
		for range 20 { // and stays so
			time.Sleep(5 * time.Millisecond)
			if err := r.Health(); err == nil || strings.Contains(err.Error(), "LEADER") {
				t.Errorf("health says %v", err)
			}
		}
	})
}
