package stream

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
)

func set(t *testing.T, text string) *gtid.Set {
	t.Helper()
	s, err := gtid.ParseSet(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// byFile has a stream go by file from a place on.
func byFile(s *Stream, at position.Place) {
	s.machine = transaction.New(transaction.Start{Server: uuid.String(), Place: at, Sinks: []transaction.Progress{{Done: position.Position{Server: uuid.String(), Place: at}}}})
}

// A stream by file goes by GTIDs from the beginning of a file on that has them.
func TestStream_adoptPrevious(t *testing.T) {
	t.Parallel()
	const before = "aa000000-0000-0000-0000-000000000000:1-7"
	start := func(pos uint64) *binlogtest.Log {
		return (&binlogtest.Log{Seconds: 1000, Server: 7}).Rotate("binlog.000002", pos).Format(false)
	}
	previous := func(t *testing.T, l *binlogtest.Log) *binlogtest.Log {
		t.Helper()
		return l.Event(replication.PREVIOUS_GTIDS_EVENT, set(t, before).AppendBinary(nil))
	}
	tests := map[string]struct {
		log  func(t *testing.T) *binlogtest.Log
		asks error
		want string // the set, empty by file
	}{
		"OK":                        {func(t *testing.T) *binlogtest.Log { t.Helper(); return previous(t, start(4)).GTID(id(8), 0) }, nil, before},
		"the server is not ready":   {func(t *testing.T) *binlogtest.Log { t.Helper(); return previous(t, start(4)).GTID(id(8), 0) }, errMode, ""},
		"not from the file's start": {func(t *testing.T) *binlogtest.Log { t.Helper(); return previous(t, start(500)).GTID(id(8), 0) }, nil, ""},
		"no GTID comes first":       {func(t *testing.T) *binlogtest.Log { t.Helper(); return previous(t, start(4)).Query(1, "d", "BEGIN") }, nil, ""},
		"of the file before": {func(t *testing.T) *binlogtest.Log {
			t.Helper()
			return previous(t, start(4)).Rotate("binlog.000003", 4).GTID(id(8), 0)
		}, nil, ""},
		"an anonymous one comes first": {func(t *testing.T) *binlogtest.Log {
			t.Helper()
			return previous(t, start(4)).Event(replication.ANONYMOUS_GTID_EVENT, make([]byte, 42))
		}, nil, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, nil)
			byFile(s, position.Place{File: "binlog.000001", Pos: 4})
			s.sets = func(_ context.Context, known *gtid.Set) (*server.Facts, *gtid.Set, error) {
				return s.facts, known.Clone(), tt.asks
			}
			if err := play(t, s, tt.log(t)); err != nil {
				t.Fatal(err)
			}
			got := ""
			if at := s.machine.Resume(); at.GTID != nil {
				got = at.GTID.String()
			}
			if got != tt.want {
				t.Errorf("goes by %q, want %q", got, tt.want)
			}
		})
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	const u = "aa000000-0000-0000-0000-000000000000"
	at := position.Place{File: "binlog.000002", Pos: 500}
	there := []server.LogFile{{Name: "binlog.000001", Size: 900}, {Name: "binlog.000002", Size: 500}}
	tests := map[string]struct {
		set, executed string
		files         []server.LogFile
		want          string
	}{
		"OK":                  {u + ":1-7", u + ":1-9", there, ""},
		"the log was reset":   {u + ":1-7", u + ":1-3", there, u + ":4-7"},
		"its file is gone":    {u + ":1-7", u + ":1-9", there[:1], "no log up to"},
		"its file is another": {u + ":1-7", u + ":1-9", []server.LogFile{{Name: "binlog.000002", Size: 499}}, "no log up to"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := known(at, set(t, tt.set), set(t, tt.executed), tt.files)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// At rest it takes two questions with one answer: a transaction is in the log before
// it is in the set.
func TestStream_look_adopts(t *testing.T) {
	t.Parallel()
	const u = "aa000000-0000-0000-0000-000000000000"
	at := position.Place{File: "binlog.000002", Pos: 500}
	tests := map[string]struct {
		answers []string
		err     error
		want    string
	}{
		"OK the same twice":  {[]string{u + ":1-7", u + ":1-7"}, nil, u + ":1-7"},
		"OK it grew":         {[]string{u + ":1-6", u + ":1-7", u + ":1-7"}, nil, u + ":1-7"},
		"once":               {[]string{u + ":1-7"}, nil, ""},
		"it differs":         {[]string{u + ":1-6", u + ":1-7"}, nil, ""},
		"no GTIDs":           {[]string{"", ""}, nil, ""},
		"the question fails": {[]string{u + ":1-7", u + ":1-7"}, errors.New("no answer"), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, nil)
			byFile(s, at)
			s.sets = func(_ context.Context, known *gtid.Set) (*server.Facts, *gtid.Set, error) {
				return s.facts, known, tt.err
			}
			for _, answer := range tt.answers {
				s.end = func(context.Context) (position.Place, *gtid.Set, error) {
					if answer == "" {
						return at, nil, nil
					}
					return at, set(t, answer), nil
				}
				s.watch.place = at
				if err := s.look(s.watch.since); err != nil {
					t.Fatal(err)
				}
			}
			got := ""
			if p := s.machine.Resume(); p.GTID != nil {
				got = p.GTID.String()
			}
			if got != tt.want {
				t.Errorf("goes by %q, want %q", got, tt.want)
			}
		})
	}
}
