package warehouse

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bq "google.golang.org/api/bigquery/v2"
)

var (
	ref = TableRef{"p", "d", "t"}
	t0  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// newTable returns a warehouse with one table of an INTEGER column n.
func newTable(t *testing.T) (*Warehouse, *Table) {
	t.Helper()
	w := New()
	if _, err := w.CreateDataset(&bq.Dataset{DatasetReference: &bq.DatasetReference{ProjectId: "p", DatasetId: "d"}}, t0); err != nil {
		t.Fatal(err)
	}
	table, err := w.CreateTable(tableMeta(&bq.TableFieldSchema{Name: "n", Type: "INT64"}), t0)
	if err != nil {
		t.Fatal(err)
	}
	return w, table
}

func tableMeta(fields ...*bq.TableFieldSchema) *bq.Table {
	return &bq.Table{
		TableReference: &bq.TableReference{ProjectId: "p", DatasetId: "d", TableId: "t"},
		Schema:         &bq.TableSchema{Fields: fields},
	}
}

func inserts(n ...int64) []Change {
	var out []Change
	for _, v := range n {
		out = append(out, Change{Type: Insert, Row: Row{"n": v}})
	}
	return out
}

func reasonOf(err error) Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return 0
}

func at(n int64) *int64 { return &n }

func TestAppend(t *testing.T) {
	t.Parallel()
	type step struct {
		offset *int64
		start  int64
		reason Reason
	}
	tests := map[string]struct {
		kind     StreamKind
		steps    []step
		finalize bool
		visible  int
	}{
		"OK":                               {Committed, []step{{at(0), 0, 0}, {at(2), 2, 0}, {nil, 4, 0}}, false, 6},
		"pending waits":                    {Pending, []step{{at(0), 0, 0}}, false, 0},
		"buffer waits":                     {Buffered, []step{{at(0), 0, 0}}, false, 0},
		"default":                          {Default, []step{{nil, -1, 0}, {nil, -1, 0}}, false, 4},
		"default with offset is Invalid":   {Default, []step{{at(0), 0, Invalid}}, false, 0},
		"repeated offset is OffsetExists":  {Committed, []step{{at(0), 0, 0}, {at(0), 0, OffsetExists}}, false, 2},
		"gap is OffsetBeyond":              {Committed, []step{{at(1), 0, OffsetBeyond}}, false, 0},
		"finalized is StreamFinalized":     {Committed, []step{{nil, 0, StreamFinalized}}, true, 0},
		"after a refusal the stream lives": {Committed, []step{{at(9), 0, OffsetBeyond}, {at(0), 0, 0}}, false, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, table := newTable(t)
			id := DefaultStream
			if tt.kind != Default {
				s, err := w.CreateStream(ref, tt.kind, t0)
				if err != nil {
					t.Fatal(err)
				}
				id = s.ID
			}
			if tt.finalize {
				if _, err := table.Finalize(id); err != nil {
					t.Fatal(err)
				}
			}
			for i, s := range tt.steps {
				start, err := table.Append(id, s.offset, inserts(1, 2), t0)
				if start != s.start || reasonOf(err) != s.reason {
					t.Errorf("step %d: start %d and %v, want %d and reason %d", i, start, err, s.start, s.reason)
				}
			}
			if table.Changes() != tt.visible {
				t.Errorf("%d changes are visible, want %d", table.Changes(), tt.visible)
			}
		})
	}
}

// The log says where a row was written and when it became visible.
func TestLogPlaces(t *testing.T) {
	t.Parallel()
	w, table := newTable(t)
	s, err := w.CreateStream(ref, Buffered, t0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Append(s.ID, nil, inserts(1, 2, 3), t0); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Flush(s.ID, 0, t0.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Append(DefaultStream, nil, inserts(9), t0.Add(2*time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Flush(s.ID, 1, t0.Add(3*time.Second)); err != nil {
		t.Fatal(err)
	}
	type place struct {
		N, Offset int64
		Stream    string
		After     time.Duration
	}
	var got []place
	for _, c := range table.Log() {
		got = append(got, place{c.Row["n"].(int64), c.Offset, c.Stream, c.Time.Sub(t0)})
	}
	want := []place{{1, 0, s.ID, time.Second}, {9, -1, DefaultStream, 2 * time.Second}, {2, 1, s.ID, 3 * time.Second}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFlushRefused(t *testing.T) {
	t.Parallel()
	w, table := newTable(t)
	committed, _ := w.CreateStream(ref, Committed, t0)
	buffered, _ := w.CreateStream(ref, Buffered, t0)
	tests := map[string]struct {
		id     string
		offset int64
		want   Reason
	}{
		"committed stream": {committed.ID, 0, StreamType},
		"default stream":   {DefaultStream, 0, StreamType},
		"no stream":        {"none", 0, StreamNotFound},
		"negative offset":  {buffered.ID, -1, Invalid},
		"beyond the end":   {buffered.ID, 0, OffsetBeyond},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := table.Flush(tt.id, tt.offset, t0); reasonOf(err) != tt.want {
				t.Errorf("Flush: %v, want reason %d", err, tt.want)
			}
		})
	}
}

func TestCommitIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w, table := newTable(t)
	good, _ := w.CreateStream(ref, Pending, t0)
	open, _ := w.CreateStream(ref, Pending, t0)
	other, _ := w.CreateStream(ref, Committed, t0)
	if _, err := table.Append(good.ID, nil, inserts(1), t0); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Finalize(good.ID); err != nil {
		t.Fatal(err)
	}
	var got []Reason
	for _, e := range table.Commit([]string{good.ID, open.ID, other.ID, DefaultStream, "none"}, t0) {
		got = append(got, e.Reason)
	}
	if diff := cmp.Diff([]Reason{StreamNotFinalized, StreamType, StreamType, StreamNotFound}, got); diff != "" {
		t.Error(diff)
	}
	if table.Changes() != 0 {
		t.Error("rows of a refused commit are visible")
	}
	if errs := table.Commit([]string{good.ID, good.ID}, t0); len(errs) != 0 || table.Changes() != 1 {
		t.Errorf("commit: %v with %d rows, want 1", errs, table.Changes())
	}
	if errs := table.Commit([]string{good.ID}, t0); len(errs) != 1 || errs[0].Reason != StreamCommitted {
		t.Errorf("second commit: %v", errs)
	}
}
