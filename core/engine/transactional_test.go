package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/leat-io/leat/sdk"
)

// ledgerConfig is a configuration of which the defaults alone make no sink.
type ledgerConfig struct {
	Common  common `koanf:"common" doc:"What all have."`
	Exactly bool   `koanf:"exactly" doc:"Store checkpoints with the records."`
}

func newLedger(c ledgerConfig, env sdk.Env) (sdk.Sink, error) {
	if c.Common.Dir == "" {
		return nil, sdk.Permanent(errors.New("a folder is needed"))
	}
	l := &ledgerSink{config: c, name: env.Name}
	if c.Exactly {
		return &exactLedger{l}, nil
	}
	return l, nil
}

// ledgerSink adds a line a batch to a file: numbers, position and state.
type ledgerSink struct {
	config ledgerConfig
	name   string
	file   *os.File
	last   entry
}

type entry struct {
	Numbers  []int
	Position sdk.Position
	State    map[string][]byte
}

type exactLedger struct{ *ledgerSink }

func (l *ledgerSink) path() string { return filepath.Join(l.config.Common.Dir, l.name+".ledger") }

func (l *ledgerSink) Open(context.Context) (err error) {
	l.last.State = map[string][]byte{}
	raw, err := os.ReadFile(l.path())
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	whole := raw[:bytes.LastIndexByte(raw, '\n')+1]
	if lines := strings.Split(strings.TrimSpace(string(whole)), "\n"); lines[0] != "" {
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &l.last); err != nil {
			return err
		}
	}
	if l.file, err = os.OpenFile(l.path(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return err
	}
	return errors.Join(l.file.Truncate(int64(len(whole))), l.config.Common.started(l.name))
}

func (l *exactLedger) Checkpoint(context.Context) (*sdk.Checkpoint, error) {
	if l.last.Position.Base == nil {
		return nil, nil
	}
	return &sdk.Checkpoint{Position: l.last.Position, State: l.last.State}, nil
}

func (l *ledgerSink) Write(_ context.Context, b *sdk.Batch, done func(error)) {
	l.last.Numbers = nil
	for it := b.Records(); it.Next(); {
		n, err := strconv.Atoi(string(it.Change().After))
		if err != nil {
			done(err)
			return
		}
		l.last.Numbers = append(l.last.Numbers, n)
	}
	position, err := sdk.ParsePosition(bytes.Clone(b.Position()))
	l.last.Position = position
	for _, s := range b.State {
		l.last.State[s.Key] = s.Value
	}
	line, jsonErr := json.Marshal(l.last)
	if err = errors.Join(err, jsonErr); err == nil {
		_, err = l.file.Write(append(line, '\n'))
	}
	done(err)
}

func (l *ledgerSink) Close(context.Context) error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// numbers that a ledger holds, in order.
func (w *world) ledger(t *testing.T) (all []int) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(w.dir, "a.ledger"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		var e entry
		if json.Unmarshal([]byte(line), &e) == nil {
			all = append(all, e.Numbers...)
		}
	}
	return all
}

func TestATransactionalSinkHasEachRecordOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "300us"})
	w.def.Source = w.stage(t, "test-source", w.with(conf{"count": 20_000, "pause": "300us"}))
	w.def.Sinks[0].Stage = w.stage(t, "test-ledger", conf{"common": w.common(), "exactly": true})
	w.def.Restart.Max = 1000
	stop, ended := w.start(t, w.settings())
	for i := range 3 {
		eventually(t, "the ledger grows", func() bool { return len(w.ledger(t)) > 1000*(i+1) })
		w.signal(t, "a", syscall.SIGKILL)
		eventually(t, "it starts again", func() bool { return len(pids(w.dir, "a")) >= i+2 })
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.def.Checkpoint.Dir); err != nil {
		t.Fatal(err)
	}
	// Without the host's own checkpoints nothing comes again either.
	if err := os.RemoveAll(w.def.Checkpoint.Dir); err != nil {
		t.Fatal(err)
	}
	if err := w.run(t); err != nil {
		t.Fatal(err)
	}
	for i, n := range w.ledger(t) {
		if n != i+1 {
			t.Fatalf("number %d is at place %d", n, i+1)
		}
	}
	if got := len(w.ledger(t)); got != 20_000 {
		t.Errorf("%d numbers", got)
	}
}

func TestTheSameSinkWithoutTransactionsHasItsCheckpointInTheHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"count": 1000})
	w.def.Sinks[0].Stage = w.stage(t, "test-ledger", conf{"common": w.common()})
	for range 2 {
		if err := w.run(t); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(w.ledger(t)); got != 1000 {
		t.Errorf("%d numbers", got)
	}
}
