package topic_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
)

var creating = topic.Plan{Create: true, Default: topic.Spec{Partitions: 2, Replication: 1}}

// explain answers the creation of topics with a code and the broker's words, until
// a time has passed.
func (r *rig) explain(d time.Duration, code int16, words string) {
	until := time.Now().Add(d)
	r.cluster.ControlKey(int16(kmsg.CreateTopics), func(req kmsg.Request) (kmsg.Response, error, bool) {
		r.cluster.KeepControl()
		if time.Now().After(until) {
			return nil, nil, false
		}
		res := refuse(req.(*kmsg.CreateTopicsRequest), code)
		for i := range res.Topics {
			res.Topics[i].ErrorMessage = &words
		}
		return res, nil, true
	})
}

func TestEnsureWaits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		code  int16
		words string
	}{
		"while the controller moves":             {kerr.NotController.Code, "moves"}, // for longer than sarama tries itself
		"while the user has too many topics":     {kerr.ThrottlingQuotaExceeded.Code, "quota"},
		"while the controller does not keep up":  {kerr.RequestTimedOut.Code, ""},
		"while all brokers are fenced":           {kerr.InvalidReplicationFactor.Code, "Unable to replicate the partition 1 time(s): All brokers are currently fenced."},
		"while brokers are away, with ZooKeeper": {kerr.InvalidReplicationFactor.Code, "Replication factor: 3 larger than available brokers: 2."},
		"while a changed password spreads":       {kerr.SaslAuthenticationFailed.Code, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, creating)
			r.explain(time.Second, tt.code, tt.words)
			seen := make(chan string, 1)
			go func() {
				for {
					if err := r.Health(); err != nil && strings.Contains(err.Error(), "created") {
						seen <- err.Error()
						return
					}
					time.Sleep(time.Millisecond)
				}
			}()
			if n, err := r.Ensure(t.Context(), "a", true); err != nil || n != 2 {
				t.Fatalf("got %d, %v", n, err)
			}
			got := <-seen
			for _, part := range []string{`topic "a" cannot be created yet, since 20`, kerr.TypedErrorForCode(tt.code).Message} {
				if !strings.Contains(got, part) {
					t.Errorf("health lacks %q: %s", part, got)
				}
			}
			if err := r.Health(); err != nil {
				t.Errorf("not healthy afterwards: %v", err)
			}
			if strings.Contains(r.log.String(), "WARN") {
				t.Errorf("warned of what passed in a moment: %s", r.log)
			}
		})
	}

	t.Run("until the end of the context for a cluster that is gone", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, creating)
		r.cluster.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		begun := time.Now()
		_, err := r.Ensure(ctx, "a", true)
		if err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("got %v, want a transient error", err)
		}
		if time.Since(begun) < 300*time.Millisecond {
			t.Errorf("gave up after %v", time.Since(begun))
		}
	})

	t.Run("for a topic that a person has just created", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, topic.Plan{})
		time.AfterFunc(500*time.Millisecond, func() {
			if _, err := r.admin.CreateTopic(context.Background(), 3, 1, nil, "a"); err != nil {
				t.Error(err)
			}
		})
		if n, err := r.Ensure(t.Context(), "a", true); err != nil || n != 3 {
			t.Errorf("got %d, %v", n, err)
		}
	})

	t.Run("not for a login that is refused for long", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, creating)
		r.explain(time.Hour, kerr.SaslAuthenticationFailed.Code, "")
		if _, err := r.Ensure(t.Context(), "a", true); err == nil || sdk.IsTransient(err) {
			t.Errorf("got %v, want a permanent error", err)
		}
	})

	t.Run("not for more replicas than there are brokers", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, creating)
		r.explain(time.Hour, kerr.InvalidReplicationFactor.Code,
			"Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.")
		_, err := r.Ensure(t.Context(), "a", true)
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "topics.replication_factor") {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
}

// TestEnsureDescribesAgain has the brokers refuse at first to tell the topic's
// configuration, on which it depends whether the topic may be used.
func TestEnsureDescribesAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, creating)
	compact := "compact"
	if _, err := r.admin.CreateTopic(t.Context(), 1, 1, map[string]*string{"cleanup.policy": &compact}, "a"); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(300 * time.Millisecond)
	r.cluster.ControlKey(int16(kmsg.DescribeConfigs), func(req kmsg.Request) (kmsg.Response, error, bool) {
		r.cluster.KeepControl()
		if time.Now().After(until) {
			return nil, nil, false
		}
		res := req.ResponseKind().(*kmsg.DescribeConfigsResponse)
		for _, resource := range req.(*kmsg.DescribeConfigsRequest).Resources {
			one := kmsg.NewDescribeConfigsResponseResource()
			one.ResourceType, one.ResourceName, one.ErrorCode = resource.ResourceType, resource.ResourceName, kerr.RequestTimedOut.Code
			res.Resources = append(res.Resources, one)
		}
		return res, nil, true
	})
	if _, err := r.Ensure(t.Context(), "a", false); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "cleanup.policy=compact") {
		t.Errorf("got %v, log %s", err, r.log)
	}
}

// TestCreateAfterACut loses the connection to the controller each other time.
func TestCreateAfterACut(t *testing.T) {
	t.Parallel()
	r := newRig(t, creating, kfake.NumBrokers(3))
	asked := 0
	r.cluster.ControlKey(int16(kmsg.CreateTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
		r.cluster.KeepControl()
		if asked++; asked%2 == 1 {
			return nil, errors.New("cut"), true
		}
		return nil, nil, false
	})
	for _, name := range []string{"a", "b", "c"} {
		if n, err := r.Ensure(t.Context(), name, true); err != nil || n != 2 {
			t.Errorf("got %d, %v", n, err)
		}
	}
}
