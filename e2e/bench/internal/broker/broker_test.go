package broker

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func connect(t *testing.T) *Broker {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	b, err := Connect(cluster.ListenAddrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func produce(t *testing.T, b *Broker, topic string, keys ...[]byte) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(b.bootstrap))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for _, key := range keys {
		r := &kgo.Record{Topic: topic, Key: key, Value: []byte("v")}
		if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	b := connect(t)
	for range 2 { // the second topic of a name is empty again
		if err := b.Create(t.Context(), "p.db.t"); err != nil {
			t.Fatal(err)
		}
		produce(t, b, "p.db.t", []byte("a"), nil, []byte("b"))
		if n, err := b.Count(t.Context(), "p.db.t"); n != 3 || err != nil {
			t.Fatalf("count = %d, %v, want 3", n, err)
		}
		if err := b.Clear(t.Context(), "p."); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Count(t.Context(), "p.db.t"); err == nil {
		t.Error("no error for a topic that is not there")
	}
	if v, err := b.Version(t.Context()); v == "" || err != nil {
		t.Errorf("version %q, %v", v, err)
	}
}

func TestClearLeavesOthers(t *testing.T) {
	t.Parallel()
	b := connect(t)
	for _, topic := range []string{"p.a", "q.a"} {
		if err := b.Create(t.Context(), topic); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Clear(t.Context(), "p."); err != nil {
		t.Fatal(err)
	}
	names, err := b.topics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"q.a"}, names); d != "" {
		t.Error(d)
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	b := connect(t)
	if err := b.Create(t.Context(), "t"); err != nil {
		t.Fatal(err)
	}
	w, err := b.Watch(t.Context(), "t")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	before := time.Now()
	produce(t, b, "t", []byte{0, 0, 0, 0, 9, 2}, []byte{0, 0, 0, 0, 9, 0x80, 0x01}, []byte{0, 0, 0, 0, 9, 2})
	await(t, func() bool { n, _ := w.Len(); return n == 2 })
	first, ok := w.Seen(1)
	if !ok || first.Before(before) {
		t.Errorf("key 1 seen at %v, %v", first, ok)
	}
	if _, ok := w.Seen(64); !ok {
		t.Error("key 64 not seen")
	}
	if _, ok := w.Seen(2); ok {
		t.Error("key 2 seen, which nobody sent")
	}
	produce(t, b, "t", []byte("?"))
	await(t, func() bool { _, err := w.Len(); return errors.Is(err, ErrKey) })
}

func await(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("in vain")
		}
	}
}

func TestLongKey(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		key  []byte
		want int64
		err  error
	}{
		"OK":               {key: []byte{0, 0, 0, 0, 1, 0x80, 0x01}, want: 64},
		"negative":         {key: []byte{0, 0, 0, 0, 1, 1}, want: -1},
		"none":             {err: ErrKey},
		"no schema id":     {key: []byte{1, 0, 0, 0, 1, 2}, err: ErrKey},
		"two columns":      {key: []byte{0, 0, 0, 0, 1, 2, 2}, err: ErrKey},
		"cut in its midst": {key: []byte{0, 0, 0, 0, 1, 0x80}, err: ErrKey},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := longKey(tt.key)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %d, %v; want %d, %v", got, err, tt.want, tt.err)
			}
		})
	}
}
