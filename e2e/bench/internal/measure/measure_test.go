package measure

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/bench/internal/proc"
)

// fake is a contender at work, this process in its place.
type fake struct {
	pid     int
	failure error
}

func (f *fake) Pid() int                                { return f.pid }
func (f *fake) Version(context.Context) (string, error) { return "v1", nil }
func (f *fake) Failure(context.Context) error           { return f.failure }
func (f *fake) Stop(context.Context) error              { return nil }
func (f *fake) Log() string                             { return "" }

// counts returns the given counts one after the other, the last one for ever.
func counts(values ...int64) func() (int64, error) {
	return func() (int64, error) {
		v := values[0]
		if len(values) > 1 {
			values = values[1:]
		}
		return v, nil
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	started := time.Now().Add(-time.Second)
	s, err := follow(t.Context(), counts(0, 0, 0, 40, 40, 100), 100, &fake{pid: os.Getpid()}, started)
	if err != nil {
		t.Fatal(err)
	}
	if s.Start < 1+2*pollEvery.Seconds() || s.Elapsed < 3*pollEvery.Seconds() || s.Elapsed > time.Since(started).Seconds()-s.Start {
		t.Errorf("start %v s and %v s more, want over 1.04 and 0.06", s.Start, s.Elapsed)
	}
	if s.Records != 100 || s.Peak == 0 || len(s.ByProcess) > 1 {
		t.Errorf("sample %+v", s)
	}
}

func TestFollowErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	tests := map[string]struct {
		count func() (int64, error)
		run   *fake
		want  error
	}{
		"a record too many":     {count: counts(100, 101), run: &fake{pid: os.Getpid()}, want: ErrCount},
		"more than all at once": {count: counts(0, 150), run: &fake{pid: os.Getpid()}, want: ErrCount},
		"the program has ended": {count: counts(0), run: &fake{pid: 1 << 30}, want: proc.ErrEnded},
		"the broker is gone":    {count: func() (int64, error) { return 0, cause }, run: &fake{pid: os.Getpid()}, want: cause},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := follow(t.Context(), tt.count, 100, tt.run, time.Now()); !errors.Is(err, tt.want) {
				t.Errorf("err = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestStalled(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	run := &fake{failure: cause}
	if err := stalled(t.Context(), run, 1, 2, time.Second); err != nil {
		t.Errorf("after a second: %v", err)
	}
	if err := stalled(t.Context(), run, 1, 2, 20*time.Second+time.Millisecond); !errors.Is(err, cause) {
		t.Errorf("after twenty: %v, want its reason", err)
	}
	if err := stalled(t.Context(), &fake{}, 1, 2, stall+time.Second); !errors.Is(err, ErrCount) {
		t.Errorf("in the end: %v", err)
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	b := &Bench{}
	marks := 0
	mark := func() error { marks++; return nil }
	if err := b.until(t.Context(), &fake{}, mark, func() (bool, error) { return marks == 2, nil }); err != nil || marks != 2 {
		t.Errorf("%d marks, %v; want 2", marks, err)
	}
	never := func() (bool, error) { return false, nil }
	if err := b.until(t.Context(), &fake{failure: cause}, mark, never); !errors.Is(err, cause) {
		t.Errorf("err = %v, want the contender's", err)
	}
}

func TestQuantiles(t *testing.T) {
	t.Parallel()
	values := make([]float64, 1000)
	for i := range values {
		values[i] = float64(1000 - i)
	}
	if q := quantiles(values); q.P50 != 500 || q.P99 != 990 || q.Max != 1000 {
		t.Errorf("quantiles %+v", q)
	}
}
