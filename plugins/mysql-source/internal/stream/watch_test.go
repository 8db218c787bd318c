package stream

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

func TestWatch_due(t *testing.T) {
	t.Parallel()
	var w watch
	start := time.Unix(1000, 0)
	here, there := position.Place{File: "log.1", Pos: 4}, position.Place{File: "log.1", Pos: 5}
	steps := []struct {
		at    int
		place position.Place
		want  bool
	}{{0, here, false}, {9, here, false}, {10, here, true}, {19, here, false}, {20, here, true}, {31, there, false}, {40, there, false}, {41, there, true}}
	for i, s := range steps {
		if got := w.due(s.place, start.Add(time.Duration(s.at)*time.Second), 10*time.Second); got != s.want {
			t.Errorf("step %d at %d s: got %v, want %v", i, s.at, got, s.want)
		}
	}
}

func TestWatch_behind(t *testing.T) {
	t.Parallel()
	rest := position.Place{File: "log.2", Pos: 100}
	end := func(pos uint64) position.Place { return position.Place{File: "log.2", Pos: pos} }
	tests := map[string]struct {
		ends []position.Place
		want []bool
	}{
		"OK at rest":                         {[]position.Place{rest, rest, rest}, []bool{false, false, false}},
		"OK seen once, then it came":         {[]position.Place{end(200), rest, end(200)}, []bool{false, false, false}},
		"an end that is not sent":            {[]position.Place{end(200), end(200)}, []bool{false, true}},
		"an end that moves and is not sent":  {[]position.Place{end(200), end(300)}, []bool{false, true}},
		"OK the same end after a connection": {[]position.Place{end(200), end(200), end(200), end(200)}, []bool{false, true, false, false}},
		"another end after a connection":     {[]position.Place{end(200), end(200), end(300), end(300)}, []bool{false, true, false, true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := watch{place: rest}
			for i, e := range tt.ends {
				if got := w.behind(e); got != tt.want[i] {
					t.Errorf("question %d: got %v, want %v", i, got, tt.want[i])
				}
			}
		})
	}
}

func TestStream_look(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end  position.Place
		err  error
		lost bool
	}{
		"OK":                          {position.Place{File: "binlog.000007", Pos: 4}, nil, false},
		"OK the question fails":       {position.Place{}, errors.New("no answer"), false},
		"the log is another":          {position.Place{}, errUnsent, true},
		"the log ends somewhere else": {position.Place{File: "binlog.000001", Pos: 4}, nil, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, func(x *Settings) { x.WatchEvery = time.Second })
			s.machine = newMachine(position.Place{File: "binlog.000007", Pos: 4})
			s.end = func(context.Context) (position.Place, *gtid.Set, error) { return tt.end, nil, tt.err }
			var err error
			for i := range 5 {
				if err = s.look(time.Unix(int64(1000+i), 0)); err != nil {
					break
				}
			}
			if lost(err) != tt.lost {
				t.Errorf("got %v, want a lost connection: %v", err, tt.lost)
			}
		})
	}
}
