package sdktest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// store is a system that sinks write to.
type store struct {
	mu         sync.Mutex
	rows       []int
	checkpoint *sdk.Checkpoint
}

func (s *store) written(*testing.T) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rows)
}

// keep is a sink: a goroutine of its own makes batches durable.
type keep struct {
	options options
	store   *store
	work    chan job
	ended   chan struct{}
	batches int
	killed  bool
	state   map[string][]byte
}

type job struct {
	rows  []int
	after func()
	done  func(error)
}

func (k *keep) is(fault string) bool { return k.options.fault == fault }

func (k *keep) Open(context.Context) error {
	leave(k.options.fault)
	if err := k.options.open(); err != nil {
		return err
	}
	k.state = map[string][]byte{}
	k.work, k.ended = make(chan job, 100), make(chan struct{})
	go func() {
		defer close(k.ended)
		for j := range k.work {
			time.Sleep(time.Millisecond)
			k.write(j)
		}
	}()
	return nil
}

func (k *keep) write(j job) {
	k.store.mu.Lock()
	if k.is("reorders") {
		slices.Reverse(j.rows)
	}
	if !k.killed || !k.is("drops at stop") && !k.is("loses records at a kill") {
		k.store.rows = append(k.store.rows, j.rows...)
	}
	if k.is("writes twice") {
		k.store.rows = append(k.store.rows, j.rows...)
	}
	j.after()
	k.store.mu.Unlock()
	if k.batches++; k.is("forgets a batch") && k.batches == 7 {
		return
	}
	j.done(nil)
	if k.is("acknowledges twice") {
		j.done(nil)
	}
}

func (k *keep) Write(_ context.Context, b *sdk.Batch, done func(error)) {
	var rows []int
	it := b.Records()
	for it.Next() {
		m := it.Message()
		if m == nil && k.is("skips what it knows not") {
			continue
		}
		if m == nil {
			done(sdk.Permanent(errors.New("record is no message")))
			return
		}
		n, err := strconv.Atoi(string(m.Value))
		if err != nil {
			done(sdk.Permanent(err))
			return
		}
		rows = append(rows, n)
	}
	j := job{rows: rows, after: k.checkpointed(b), done: done}
	switch {
	case k.is("acknowledges too soon"), k.is("loses records at a kill"), k.is("drops at stop"):
		done(nil)
		j.done = func(error) {}
	case k.is("checkpoint before records"):
		k.store.mu.Lock()
		j.after()
		k.store.mu.Unlock()
		j.after = func() {}
	}
	k.work <- j
}

// checkpointed returns what stores the checkpoint of a batch.
func (k *keep) checkpointed(b *sdk.Batch) func() {
	for _, c := range b.State {
		if k.state[c.Key] = c.Value; c.Value == nil {
			delete(k.state, c.Key)
		}
	}
	p, err := sdk.ParsePosition(slices.Clone(b.Position()))
	if err != nil || k.is("stores no checkpoint") || k.is("checkpoint behind records") && b.Sequence()%4 != 0 {
		return func() {}
	}
	c := &sdk.Checkpoint{Position: p, State: map[string][]byte{}}
	if !k.is("stores no state") {
		for key, v := range k.state {
			c.State[key] = v
		}
	}
	return func() { k.store.checkpoint = c }
}

func (k *keep) Close(ctx context.Context) error {
	if k.work == nil {
		return nil
	}
	if k.is("drops at stop") || ctx.Err() != nil {
		k.store.mu.Lock()
		k.killed = true
		k.store.mu.Unlock()
	}
	if ctx.Err() != nil { // a process that is killed writes nothing any more
		for empty := false; !empty; {
			select {
			case <-k.work:
			default:
				empty = true
			}
		}
	}
	close(k.work)
	<-k.ended
	return nil
}

// transactional is a keep that stores checkpoints.
type transactional struct{ *keep }

func (t transactional) Checkpoint(context.Context) (*sdk.Checkpoint, error) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	return t.store.checkpoint, nil
}

func sinkDriver(fault string, isTransactional bool) sdktest.SinkDriver {
	s := &store{}
	d := sdktest.SinkDriver{
		Driver: base(fault), Written: s.written,
		Record: func(n int) sdktest.Record {
			return sdktest.Record{
				Target:  &sdk.Target{Topic: "t"},
				Message: &sdk.Message{Key: fmt.Append(nil, "key", n%3), Value: fmt.Append(nil, n)},
			}
		},
		Bad: map[string]sdktest.Record{"a change": change("1", "a")},
	}
	d.New = func() *sdk.Plugin {
		return sdk.NewSink(info(fault), defaults(fault), func(o options, _ sdk.Env) (sdk.Sink, error) {
			k := &keep{options: o, store: s}
			if isTransactional {
				return transactional{k}, nil
			}
			return k, nil
		})
	}
	return d
}
