package sdktest_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// journal is a system that a source reads: transactions of up to three rows.
type journal struct {
	mu           sync.Mutex
	transactions [][]string
	rows         int
	grown        time.Time
}

func (j *journal) produce(_ *testing.T, n int) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var ids []string
	for range n {
		j.rows++
		ids = append(ids, fmt.Sprint("row", j.rows))
	}
	for part := range slices.Chunk(ids, 3) {
		j.transactions = append(j.transactions, part)
	}
	j.grown = time.Now()
	return ids
}

func (j *journal) transaction(i int) ([]string, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if i >= len(j.transactions) {
		return nil, false
	}
	return j.transactions[i], true
}

// fresh says whether rows came a moment ago: longer than it takes to stop a source, even on a busy machine.
func (j *journal) fresh() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return time.Since(j.grown) < quick/3
}

func (j *journal) end() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.transactions)
}

var rowSchema = sdk.RowSchema{Database: "db", Table: "t", Columns: []sdk.Column{{Name: "id", Type: sdk.String}}}

// reader is a source.
type reader struct {
	options options
	journal *journal
	at      []place // of each sink

	mu   sync.Mutex
	sent sdk.Progress
}

// place is a transaction and the rows of it that are done.
type place struct{ transaction, row int }

func (p place) before(q place) bool {
	return p.transaction < q.transaction || p.transaction == q.transaction && p.row < q.row
}

func (r *reader) is(fault string) bool { return r.options.fault == fault }

func (r *reader) Open(_ context.Context, resume sdk.Resume) error {
	if err := r.options.open(); err != nil {
		return err
	}
	leave(r.options.fault)
	for _, s := range resume.Sinks {
		at := place{r.journal.end(), 0}
		if c := s.Checkpoint; c != nil {
			n, err := strconv.Atoi(string(c.Position.Base))
			if err != nil {
				return sdk.Permanent(fmt.Errorf("position %q: %w", c.Position.Base, err))
			}
			at = place{n, int(c.Position.Skip)}
			if string(c.State["table"]) != "defined" {
				return sdk.Permanent(fmt.Errorf("table of sink %s is not defined", s.Name))
			}
			if r.is("skips to the transaction") && at.row > 0 {
				at = place{n + 1, 0}
			}
			if r.is("repeats the last record") && at.row > 0 {
				at.row--
			}
		}
		r.at = append(r.at, at)
	}
	return nil
}

func (r *reader) Read(ctx context.Context, w *sdk.Writer) error {
	if r.is("starves the others") && len(r.at) > 1 {
		<-ctx.Done()
		return nil
	}
	schema, err := w.Schema(&rowSchema)
	if err != nil {
		return err
	}
	if !r.is("forgets the state") {
		if err := w.State(sdk.StateChange{Key: "table", Value: []byte("defined")}); err != nil {
			return err
		}
	}
	for i := slices.MinFunc(r.at, func(a, b place) int { return a.transaction - b.transaction }).transaction; ; i++ {
		rows, err := r.wait(ctx, w, i)
		if rows == nil || err != nil {
			return err
		}
		if err := r.send(w, schema, i, rows); err != nil {
			return err
		}
	}
}

func (r *reader) wait(ctx context.Context, w *sdk.Writer, i int) ([]string, error) {
	for ctx.Err() == nil {
		if r.is("waits for a second record") && i+1 >= r.journal.end() {
			time.Sleep(time.Millisecond)
			continue
		}
		late := r.is("drops at stop") && r.journal.fresh()
		if rows, ok := r.journal.transaction(i); ok && !late {
			return rows, nil
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
		time.Sleep(time.Millisecond)
	}
	if r.is("drops at stop") {
		return nil, w.Advance(sdk.Position{Base: strconv.AppendInt(nil, int64(r.journal.end()), 10)}, 0)
	}
	return nil, nil
}

func (r *reader) send(w *sdk.Writer, schema sdk.SchemaID, i int, rows []string) error {
	w.Origin(&sdk.Origin{Time: int64(i)})
	if r.is("reorders") {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	for n, id := range rows {
		if r.is("loses a record") && i%5 == 4 && n == 0 {
			continue
		}
		if err := w.Direct(r.sinks(place{i, n})); err != nil {
			return err
		}
		p := sdk.Position{Base: strconv.AppendInt(nil, int64(i), 10), Skip: uint64(n + 1)}
		if r.is("position ahead of record") && n == 0 {
			p = sdk.Position{Base: strconv.AppendInt(nil, int64(i+1), 10)}
		}
		if r.sinks(place{i, n}) == 0 {
			continue
		}
		c := sdk.Change{Op: sdk.Create, Schema: schema, Row: uint32(n), Key: []byte(id), After: []byte(id)}
		if err := w.Change(&c, p); err != nil {
			return err
		}
		r.count()
	}
	if w.Direct(r.sinks(place{i, len(rows)})) != nil || r.sinks(place{i, len(rows)}) == 0 {
		return nil
	}
	return w.Advance(sdk.Position{Base: strconv.AppendInt(nil, int64(i+1), 10)}, int64(i))
}

// sinks that need what stands behind p.
func (r *reader) sinks(p place) (set sdk.SinkSet) {
	for i, at := range r.at {
		if !p.before(at) || r.is("one stream for all sinks") {
			set = set.With(i)
		}
	}
	return set
}

func (r *reader) count() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.is("counts no rows") {
		return
	}
	r.sent.LastTransaction, r.sent.LastRow = time.Now(), time.Now()
	r.sent.Tables = []sdk.TableProgress{{Table: "t", Rows: 1 + rowsOf(r.sent.Tables)}}
}

func rowsOf(tables []sdk.TableProgress) (rows uint64) {
	for _, t := range tables {
		rows += t.Rows
	}
	return rows
}

func (r *reader) Progress() sdk.Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

func (r *reader) Close(context.Context) error { return nil }

func sourceDriver(fault string) sdktest.SourceDriver {
	j := &journal{}
	d := sdktest.SourceDriver{Driver: base(fault), Produce: j.produce, ID: func(r sdktest.Record) string {
		return string(bytes.Clone(r.Change.After))
	}}
	d.New = func() *sdk.Plugin {
		return sdk.NewSource(info(fault), defaults(fault), func(o options, _ sdk.Env) (sdk.Source, error) {
			return &reader{options: o, journal: j}, nil
		})
	}
	return d
}
