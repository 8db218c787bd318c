package sdk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// wire keeps what is written, or refuses it.
type wire struct {
	mu  sync.Mutex
	buf bytes.Buffer
	err error
}

func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, w.err
	}
	return w.buf.Write(b)
}

// frames returns a line for each frame: what a host would see.
func (w *wire) frames(t *testing.T) []string {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for r := frame.NewReader(bytes.NewReader(w.buf.Bytes())); ; {
		f, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, line(t, f))
	}
}

func line(t *testing.T, f *frame.Frame) string {
	t.Helper()
	switch f.Type {
	case frame.Batch:
		p, err := ParsePosition(f.Position)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("batch %d for %b: %d at %s+%d, time %d", f.Sequence, f.Sinks, f.Count, p.Base, p.Skip, f.Time)
	case frame.State:
		var msg leatv1.StateChange
		if err := proto.Unmarshal(f.Payload, &msg); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("state for %b: set %s, removed %v", f.Sinks, msg.GetSet(), msg.GetRemoved())
	default:
		return f.Type.String()
	}
}

// announced is a row schema that testWriter takes for announced.
const announced SchemaID = 7

func testWriter(frames *frame.Writer, next uint64, sinks SinkSet) *Writer {
	w := newWriter(frames, next, sinks)
	w.add(Schema{Row: &RowSchema{}}, announced)
	return w
}

// script is a writer whose calls must all succeed.
type script struct {
	*Writer
	t *testing.T
	n int
}

func (s *script) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// changes writes so many changes of one transaction with rows of that size.
func (s *script) changes(n, size int) {
	s.t.Helper()
	for range n {
		s.n++
		s.must(s.Change(&Change{Op: Create, Schema: announced, After: make([]byte, size)}, Position{Base: []byte("p"), Skip: uint64(s.n)}))
	}
}

func (s *script) commit() {
	s.t.Helper()
	s.n = 0
	s.must(s.Advance(Position{Base: []byte("q")}, 9))
}

func TestWriterClosesBatches(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(s *script)
		want []string
	}{
		"OK: at Flush": {
			func(s *script) { s.changes(2, 1); s.must(s.Flush()); s.must(s.Flush()) },
			[]string{"batch 5 for 11: 2 at p+2, time 7"},
		},
		"a small one stays open at the end of a transaction": {
			func(s *script) { s.changes(softRecords-1, 1); s.commit() },
			nil,
		},
		"at the end of a transaction with enough records": {
			func(s *script) { s.changes(softRecords, 1); s.commit() },
			[]string{"batch 5 for 11: 1000 at q+0, time 9"},
		},
		"at the end of a transaction with enough bytes": {
			func(s *script) { s.changes(2, softBytes/2); s.commit() },
			[]string{"batch 5 for 11: 2 at q+0, time 9"},
		},
		"within a transaction with many records": {
			func(s *script) { s.changes(hardRecords+1, 1); s.must(s.Flush()) },
			[]string{"batch 5 for 11: 4000 at p+4000, time 7", "batch 6 for 11: 1 at p+4001, time 7"},
		},
		"within a transaction with many bytes": {
			func(s *script) { s.changes(1, 5*hardBytes); s.changes(1, 1); s.must(s.Flush()) },
			[]string{"batch 5 for 11: 1 at p+1, time 7", "batch 6 for 11: 1 at p+2, time 7"},
		},
		"where other sinks are meant": {
			func(s *script) {
				s.changes(1, 1)
				s.must(s.Direct(3)) // the same
				s.must(s.Direct(1))
				s.changes(1, 1)
				s.must(s.Direct(2))
				s.must(s.Flush())
			},
			[]string{"batch 5 for 11: 1 at p+1, time 7", "batch 6 for 1: 1 at p+2, time 7"},
		},
		"before the source state changes": {
			func(s *script) {
				s.changes(1, 1)
				s.must(s.State(StateChange{Key: "t", Value: []byte("v")}, StateChange{Key: "old"}))
				s.changes(1, 1)
				s.must(s.Flush())
			},
			[]string{
				"batch 5 for 11: 1 at p+1, time 7",
				"state for 11: set map[t:v], removed [old]",
				"batch 6 for 11: 1 at p+2, time 7",
			},
		},
		"a position alone": {
			func(s *script) { s.commit(); s.commit(); s.must(s.Flush()) },
			[]string{"batch 5 for 11: 0 at q+0, time 9"},
		},
		"at the limit of a test": {
			func(s *script) { s.limit = 1; s.changes(2, 1) },
			[]string{"batch 5 for 11: 1 at p+1, time 7", "batch 6 for 11: 1 at p+2, time 7"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // no time passes in it
				out := &wire{}
				s := &script{Writer: testWriter(frame.NewWriter(out), 5, 3), t: t}
				defer s.close()
				s.Origin(&Origin{Time: 7})
				tt.do(s)
				if diff := cmp.Diff(tt.want, out.frames(t)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestWriterSendsInTime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(s *script)
		wait time.Duration
	}{
		"a change": {func(s *script) { s.changes(1, 1) }, linger},
		"a change behind others waits no longer": {func(s *script) {
			s.changes(1, 1)
			time.Sleep(linger / 2)
			s.changes(1, 1)
		}, linger / 2},
		"a position alone":                     {func(s *script) { s.commit() }, idleLinger},
		"a change behind a position alone":     {func(s *script) { s.commit(); s.changes(1, 1) }, linger},
		"a change after a batch went by Flush": {func(s *script) { s.changes(1, 1); s.must(s.Flush()); s.changes(1, 1) }, linger},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				out := &wire{}
				s := &script{Writer: testWriter(frame.NewWriter(out), 5, 1), t: t}
				defer s.close()
				s.Origin(&Origin{})
				tt.do(s)
				before := len(out.frames(t))
				time.Sleep(tt.wait - 1)
				if got := len(out.frames(t)); got != before {
					t.Errorf("a batch went before its time")
				}
				time.Sleep(2 * time.Nanosecond)
				synctest.Wait()
				if got := len(out.frames(t)); got != before+1 || s.Pending() {
					t.Errorf("%d batches went in time, want one; pending: %v", got-before, s.Pending())
				}
			})
		})
	}
}

func TestWriterRepeatsTheOriginInEachBatch(t *testing.T) {
	t.Parallel()
	out := &wire{}
	s := &script{Writer: testWriter(frame.NewWriter(out), 1, 1), t: t}
	defer s.close()
	for _, tx := range []string{"t1", "t2"} {
		s.Origin(&Origin{Transaction: tx})
		s.changes(1, 1)
		s.must(s.Flush())
		s.changes(1, 1)
	}
	s.must(s.Flush())
	var got []string
	for r := frame.NewReader(&out.buf); ; {
		f, err := r.Read()
		if err != nil {
			break
		}
		it := NewRecords(f.Payload)
		for it.Next() {
			got = append(got, strconv.FormatUint(f.Sequence, 10)+it.Change().Origin.Transaction)
		}
		if it.Err() != nil {
			t.Fatal(it.Err())
		}
	}
	if diff := cmp.Diff([]string{"1t1", "2t1", "2t2", "3t2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWriterAnnouncesASchemaOnce(t *testing.T) {
	t.Parallel()
	out := &wire{}
	w := testWriter(frame.NewWriter(out), 1, 1)
	defer w.close()
	for range 2 {
		for _, table := range []string{"a", "b"} {
			if _, err := w.Schema(&RowSchema{Table: table}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := out.frames(t); len(got) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestWriterErrors(t *testing.T) {
	t.Parallel()
	t.Run("errNoOrigin", func(t *testing.T) {
		t.Parallel()
		w := testWriter(frame.NewWriter(&wire{}), 1, 1)
		defer w.close()
		if err := w.Change(&Change{Op: Create, Schema: announced}, Position{}); !errors.Is(err, errNoOrigin) || IsTransient(err) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the first error is final", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("broken")
		out := &wire{err: broken}
		w := testWriter(frame.NewWriter(out), 1, 1)
		defer w.close()
		w.Origin(&Origin{})
		if err := w.Change(&Change{Op: Create, Schema: announced}, Position{}); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		out.err = nil
		_, schema := w.Schema(&RowSchema{})
		for i, err := range []error{
			w.Change(&Change{Op: Create, Schema: announced}, Position{}), w.Advance(Position{}, 0), w.Flush(), w.State(), w.Direct(2), w.Direct(2), schema,
		} {
			if !errors.Is(err, broken) {
				t.Errorf("call %d: got %v", i, err)
			}
		}
		if got := out.frames(t); got != nil {
			t.Errorf("it has sent %v", got)
		}
	})
	t.Run("a row beyond the limit of a frame", func(t *testing.T) {
		t.Parallel()
		w := testWriter(frame.NewWriter(&wire{}), 1, 1)
		defer w.close()
		w.Origin(&Origin{})
		err := w.Change(&Change{Op: Create, Schema: announced, After: make([]byte, frame.MaxSize)}, Position{Base: []byte("log.000007:4")})
		if !errors.Is(err, frame.ErrTooLarge) || IsTransient(err) {
			t.Errorf("got %v", err)
		}
		for _, part := range []string{"send batch frame", "leave its table, or the column that is so large, out", "its position is log.000007:4"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	})
	t.Run("after Read has returned", func(t *testing.T) {
		t.Parallel()
		out := &wire{}
		w := testWriter(frame.NewWriter(out), 1, 1)
		w.Origin(&Origin{})
		w.close()
		if err := w.Change(&Change{Op: Create, Schema: announced}, Position{}); err == nil {
			t.Error("a change was taken")
		}
	})
}
