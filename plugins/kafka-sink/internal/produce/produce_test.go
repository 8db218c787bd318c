package produce_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
)

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
		r.checkOrder(t, 6, 2000)
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
			r.checkOrder(t, 1, 1000)
		})
	}

	t.Run("splits what exceeds the batch size", func(t *testing.T) {
		t.Parallel()
		s := settings(t)
		s.BatchBytes = 100
		r := newRig(t, s, kfake.SeedTopics(1, "a"))
		r.stream(t, r.Topic("a", 1), 10, 1, 20)
		r.mustSucceed(t)
		r.checkOrder(t, 1, 200)
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
		r.checkOrder(t, 1, 1)
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
		r.checkOrder(t, 2, 1000)
	})
	t.Run("gives up when the context ends", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, settings(t), kfake.SeedTopics(1, "a"))
		release := make(chan struct{})
		t.Cleanup(func() {
			r.cluster.Close() // the fake hangs if it is closed while it wakes a request
			close(release)
		})
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
