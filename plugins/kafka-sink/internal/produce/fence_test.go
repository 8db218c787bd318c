package produce_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
)

// successor opens the producer of the process that comes after that of r.
func (r *rig) successor(t *testing.T) *rig {
	t.Helper()
	c, err := client.New(client.Settings{
		Brokers: r.cluster.ListenAddrs(), ClientID: "next", DialTimeout: time.Second, RequestTimeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	p, err := produce.Open(c, settings(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close(t.Context()) })
	return &rig{Producer: p, cluster: r.cluster, client: c}
}

func (r *rig) write(t *testing.T, partition int32, value string) {
	t.Helper()
	r.group(t, put{r.Topic("a", 3), partition, produce.Record{Key: []byte("k"), Value: []byte(value), Time: 1}})
}

func TestFence(t *testing.T) {
	t.Parallel()

	t.Run("refuses a request of the process before that lands late", func(t *testing.T) {
		t.Parallel()
		for _, brokers := range []int{1, 3} {
			t.Run(fmt.Sprintf("with %d brokers", brokers), func(t *testing.T) {
				t.Parallel()
				gate := new(kafkatest.Gate)
				old := newRig(t, settings(t), kfake.NumBrokers(brokers), kfake.ListenFn(gate.Listen), kfake.SeedTopics(3, "a"))
				requests := make(chan struct{}, 100)
				old.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
					old.cluster.KeepControl()
					requests <- struct{}{}
					return nil, nil, false
				})
				for p := range int32(3) {
					old.write(t, p, "first")
					old.results()
				}
				open := gate.Close()
				for p := range int32(3) {
					old.write(t, p, "old")
				}
				time.Sleep(50 * time.Millisecond) // until the requests are in the gate; too short a time lets the test pass
				old.client.Cut()

				next := old.successor(t)
				for p := range int32(3) {
					next.write(t, p, "new")
				}
				next.mustSucceed(t)
				before := len(requests)
				open()
				for len(requests) == before {
					time.Sleep(time.Millisecond)
				}
				got := map[int32]string{}
				for _, r := range old.cluster.Records(t, "a", 6) {
					got[r.Partition] += string(r.Value) + " "
				}
				if diff := cmp.Diff(map[int32]string{0: "first new ", 1: "first new ", 2: "first new "}, got); diff != "" {
					t.Errorf("records (-want +got):\n%s", diff)
				}
			})
		}
	})

	t.Run("stops a process that runs in a second place, and lets it not come back", func(t *testing.T) {
		t.Parallel()
		old := newRig(t, settings(t), kfake.SeedTopics(3, "a"))
		var claims atomic.Int32
		old.cluster.ControlKey(int16(kmsg.InitProducerID), func(kmsg.Request) (kmsg.Response, error, bool) {
			old.cluster.KeepControl()
			claims.Add(1)
			return nil, nil, false
		})
		next := old.successor(t)
		next.write(t, 0, "new")
		next.mustSucceed(t)
		old.write(t, 0, "old")
		err := old.results()[0]
		if err == nil || sdk.IsTransient(err) {
			t.Fatalf("got %v, want a permanent error", err)
		}
		for _, part := range []string{"INVALID_PRODUCER_EPOCH", "in one place only", "transactional_id"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("error does not name %s: %v", part, err)
			}
		}
		next.write(t, 0, "newer")
		next.mustSucceed(t)
		if n := claims.Load(); n != 1 {
			t.Errorf("%d claims after the first, want that of the successor alone", n)
		}
	})
}

func TestRenewal(t *testing.T) {
	t.Parallel()
	// answer has the cluster answer the claims after the first.
	answer := func(r *rig, id int64, code int16) {
		r.cluster.ControlKey(int16(kmsg.InitProducerID), func(req kmsg.Request) (kmsg.Response, error, bool) {
			r.cluster.KeepControl()
			res := req.ResponseKind().(*kmsg.InitProducerIDResponse)
			res.ProducerID, res.ErrorCode = id, code
			return res, nil, true
		})
	}
	often := func(t *testing.T) produce.Settings {
		s := settings(t)
		s.RenewEvery = 50 * time.Millisecond
		return s
	}
	// last returns the epoch that the producer has at the end.
	last := func(t *testing.T, r *rig) produce.Identity {
		t.Helper()
		held, err := r.client.Claim("test", produce.Nobody)
		if err != nil {
			t.Fatal(err)
		}
		return held
	}

	t.Run("costs neither records nor order", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, often(t), kfake.SeedTopics(3, "a"))
		for n := range 300 {
			r.group(t, put{r.Topic("a", 3), int32(n % 3), produce.Record{Key: []byte("k"), Value: fmt.Appendf(nil, "%06d", n/3), Time: 1}})
			time.Sleep(time.Millisecond)
		}
		r.mustSucceed(t)
		r.checkOrder(t, 3, 100)
		if epoch := last(t, r).Epoch; epoch < 3 {
			t.Errorf("epoch %d at the end: nothing was renewed", epoch)
		}
	})

	t.Run("goes on with another producer id when the epochs are used up", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, often(t), kfake.SeedTopics(3, "a"))
		answer(r, 4711, 0)
		for n := range 100 {
			r.group(t, put{r.Topic("a", 3), 0, produce.Record{Key: []byte("k"), Value: fmt.Appendf(nil, "%06d", n), Time: 1}})
			time.Sleep(2 * time.Millisecond)
		}
		r.mustSucceed(t)
		r.checkOrder(t, 1, 100)
	})

	t.Run("stops a process at rest that is fenced", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, often(t))
		answer(r, 0, kerr.ProducerFenced.Code)
		deadline := time.Now().Add(20 * time.Second)
		for r.Health() == nil && time.Now().Before(deadline) {
			time.Sleep(5 * time.Millisecond)
		}
		if err := r.Health(); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), `renew transactional id "test"`) {
			t.Errorf("got %v, want a permanent error", err)
		}
	})

	t.Run("is tried again", func(t *testing.T) {
		t.Parallel()
		var log bytes.Buffer
		s := often(t)
		s.Logger = slog.New(slog.NewTextHandler(&log, nil))
		r := newRig(t, s, kfake.SeedTopics(3, "a"))
		answer(r, 0, kerr.UnknownServerError.Code)
		time.Sleep(200 * time.Millisecond)
		r.write(t, 0, "goes on")
		r.mustSucceed(t)
		if err := r.Close(t.Context()); err != nil { // nobody logs any more
			t.Fatal(err)
		}
		if got := log.String(); !strings.Contains(got, "(UNKNOWN_SERVER_ERROR): look at the broker's log") {
			t.Errorf("logged %q, without what to do", got)
		}
	})
}
