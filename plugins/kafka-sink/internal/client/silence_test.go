package client_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
)

// TestSilence has a broker keep one answer to itself. What is asked after that has
// to go over another connection, or it would wait behind the answer for ever.
func TestSilence(t *testing.T) {
	t.Parallel()
	gate := new(kafkatest.Gate)
	cluster := kafkatest.Start(t, kfake.ListenFn(gate.Listen), kfake.SeedTopics(1, "a"))
	s := settings(cluster.ListenAddrs())
	s.RequestTimeout = 200 * time.Millisecond // and a margin
	c, err := client.New(s)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.Claim("x", produce.Nobody); err != nil {
		t.Fatal(err)
	}
	open := gate.Close()
	defer open()
	var claims atomic.Int32
	cluster.ControlKey(int16(kmsg.InitProducerID), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		claims.Add(1)
		return nil, nil, false
	})
	_, err = c.Claim("x", produce.Nobody)
	if err == nil || !sdk.IsTransient(fault.Mark(err)) || !strings.Contains(err.Error(), cluster.ListenAddrs()[0]+" did not answer within request_timeout") {
		t.Fatalf("got %v", err)
	}
	if _, err := c.Claim("x", produce.Nobody); err != nil {
		t.Errorf("after the silence: %v", err)
	}
	if n := claims.Load(); n != 1 {
		t.Errorf("%d claims came through", n)
	}
}

// TestPatience asks a coordinator that is not ready for a while.
func TestPatience(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Start(t)
	until := time.Now().Add(500 * time.Millisecond)
	cluster.ControlKey(int16(kmsg.InitProducerID), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if time.Now().After(until) {
			return nil, nil, false
		}
		res := req.ResponseKind().(*kmsg.InitProducerIDResponse)
		res.ErrorCode = 14 // COORDINATOR_LOAD_IN_PROGRESS
		return res, nil, true
	})
	c, err := client.New(settings(cluster.ListenAddrs()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.Claim("x", produce.Nobody); err != nil {
		t.Error(err)
	}
}
