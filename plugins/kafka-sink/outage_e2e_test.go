//go:build e2e

package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// within is what users are promised once the brokers answer again.
const within = 5 * time.Second

func (h *host) health(t *testing.T) string {
	t.Helper()
	res, err := h.plugin.Health(t.Context(), &leatv1.HealthRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return res.GetDetail()
}

// awaitHealth waits until health has all parts, or is empty if there are none.
func (h *host) awaitHealth(t *testing.T, limit time.Duration, parts ...string) {
	t.Helper()
	last := ""
	for begun := time.Now(); time.Since(begun) < limit; time.Sleep(50 * time.Millisecond) {
		last = h.health(t)
		has := len(parts) > 0 || last == ""
		for _, p := range parts {
			has = has && strings.Contains(last, p)
		}
		if has {
			return
		}
	}
	t.Fatalf("health says %q after %v, want %q", last, limit, parts)
}

// numbered sends batches of one record for each of some keys.
func (h *host) numbered(t *testing.T, topic string, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		p := &payload{}
		target := p.target(sdk.Target{Topic: topic, KeySchema: keySchema})
		for key := range 8 {
			p.message(sdk.Message{Target: target, Key: fmt.Append(nil, key), Value: fmt.Append(nil, i), Time: time.Now().UnixMilli()})
		}
		h.send(t, p)
	}
}

// checkNumbers wants each key to have the numbers below n, once and in order.
func checkNumbers(t *testing.T, k *servers.KafkaServer, topic string, n int) {
	t.Helper()
	next := map[string]int{}
	for _, r := range kafkatest.Records(t, strings.Split(k.Bootstrap, ","), topic, n*8) {
		if want := fmt.Sprint(next[string(r.Key)]); string(r.Value) != want {
			t.Fatalf("%s has %s where %s is next", r.Key, r.Value, want)
		}
		next[string(r.Key)]++
	}
}

func stop(t *testing.T, k *servers.KafkaServer) {
	t.Helper()
	if err := k.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// start returns when the broker answers.
func start(t *testing.T, k *servers.KafkaServer) time.Time {
	t.Helper()
	if err := k.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return time.Now()
}

func (h *host) mustSettleWithin(t *testing.T, up time.Time) {
	t.Helper()
	if err := h.settle(t); err != nil {
		t.Fatal(err)
	}
	took := time.Since(up)
	t.Logf("all records were written %v after the broker was up", took.Round(time.Millisecond))
	if took > within {
		t.Errorf("it took %v, more than %v", took, within)
	}
	h.awaitHealth(t, time.Second)
}

// TestOutages has one real broker go and come back in each way that it can.
func TestOutages(t *testing.T) {
	k := startKafka(t)

	t.Run("at the start the sink ends, to be started again", func(t *testing.T) {
		stop(t, k)
		begun := time.Now()
		_, err := open(t, map[string]any{"brokers": strings.Split(k.Bootstrap, ",")})
		if err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("got %v, want a transient error", err)
		}
		if took := time.Since(begun); took > within {
			t.Errorf("it took %v", took)
		}
		start(t, k)
	})

	t.Run("a broker that is gone for longer than any timeout is waited for", func(t *testing.T) {
		h, err := open(t, map[string]any{"brokers": strings.Split(k.Bootstrap, ","), "request_timeout": "2s"})
		if err != nil {
			t.Fatal(err)
		}
		h.numbered(t, "gone", 0, 10)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		stop(t, k)
		h.numbered(t, "gone", 10, 30)
		h.awaitHealth(t, 10*time.Second, `topic "gone", partition`, "has taken no records since", "connection refused")
		time.Sleep(20 * time.Second)
		h.awaitHealth(t, time.Second, `topic "gone", partition`, "connection refused")
		h.mustSettleWithin(t, start(t, k))
		checkNumbers(t, k, "gone", 30)
	})

	t.Run("a topic that is new meanwhile is created afterwards", func(t *testing.T) {
		h := openReal(t, k)
		stop(t, k)
		h.numbered(t, "later", 0, 3)
		h.awaitHealth(t, 10*time.Second, `topic "later" cannot be looked up yet, since`, "connection refused")
		h.mustSettleWithin(t, start(t, k))
		checkNumbers(t, k, "later", 3)
	})

	t.Run("a broker that was killed has lost nothing that it acknowledged", func(t *testing.T) {
		h := openReal(t, k)
		h.numbered(t, "killed", 0, 50)
		if err := k.Kill(); err != nil {
			t.Fatal(err)
		}
		h.numbered(t, "killed", 50, 60)
		h.mustSettleWithin(t, start(t, k))
		checkNumbers(t, k, "killed", 60)
	})

	t.Run("a broker that stalls is named until it answers", func(t *testing.T) {
		h := openReal(t, k)
		h.numbered(t, "stalled", 0, 5)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(k.Pid(), syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		h.numbered(t, "stalled", 5, 20)
		h.awaitHealth(t, 20*time.Second, "broker 1 ("+k.Bootstrap+") has not answered a produce request for", "since")
		if err := syscall.Kill(k.Pid(), syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		h.mustSettleWithin(t, time.Now())
		checkNumbers(t, k, "stalled", 20)
	})

	t.Run("a broker that stalls for longer than request_timeout gets each record once", func(t *testing.T) {
		h, err := open(t, map[string]any{"brokers": strings.Split(k.Bootstrap, ","), "request_timeout": "1s"})
		if err != nil {
			t.Fatal(err)
		}
		h.numbered(t, "long", 0, 5)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(k.Pid(), syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		h.numbered(t, "long", 5, 20)
		h.awaitHealth(t, 20*time.Second, `topic "long", partition`, "did not answer within request_timeout")
		if err := syscall.Kill(k.Pid(), syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		h.mustSettleWithin(t, time.Now())
		checkNumbers(t, k, "long", 20)
	})
}
