package history

import (
	"errors"
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

const (
	a = "aaaaaaaa-0000-0000-0000-000000000000"
	b = "bbbbbbbb-0000-0000-0000-000000000000"
)

// log is a server with files of transactions: the n-th of a file stands at 100*n.
type log struct {
	uuid   string
	files  []file
	purged string
	lacks  string // executed is without these
	// withheld is what is not sent for its gtid_mode.
	withheld withheld
}

type withheld int

const (
	byFileToo withheld = iota + 1
	byGTIDOnly
)

type file struct {
	name    string
	created int64
	ids     []string
	times   []int64
}

func set(text string) *gtid.Set {
	s, err := gtid.ParseSet(text)
	if err != nil {
		panic(err)
	}
	return s
}

func (l *log) UUID() string         { return l.uuid }
func (l *log) Takes(gtid.UUID) bool { return true }

func (l *log) Sets() (executed, purged *gtid.Set, err error) {
	purged = set(l.purged)
	executed = purged.Clone()
	for _, f := range l.files {
		for _, id := range f.ids {
			g, _ := gtid.Parse(id)
			executed.Add(g)
		}
	}
	return executed.Subtract(set(l.lacks)), purged, nil
}

func (l *log) Files() (out []server.LogFile, err error) {
	for _, f := range l.files {
		out = append(out, server.LogFile{Name: f.name, Size: uint64(100 * (len(f.times) + 1))})
	}
	return out, nil
}

func (f *file) first(from int) *position.Anchor {
	if from >= len(f.times) {
		return nil
	}
	out := &position.Anchor{Pos: uint64(100 * (from + 1)), Time: f.times[from]}
	if f.ids != nil {
		id, _ := gtid.Parse(f.ids[from])
		out.ID = &id
	}
	return out
}

func (l *log) At(p position.Place) (binlog.Sight, error) {
	for _, f := range l.files {
		if f.name == p.File {
			if l.withheld == byFileToo {
				return binlog.Sight{Created: f.created}, binlog.ErrWithheld
			}
			return binlog.Sight{Created: f.created, First: f.first(max(int(p.Pos)/100-1, 0))}, nil
		}
	}
	return binlog.Sight{}, errors.New("no such file")
}

func (l *log) All() (executed, purged *gtid.Set, err error) { return l.Sets() }

func (l *log) First(of *gtid.Set) (binlog.Sight, error) {
	if l.withheld != 0 {
		return binlog.Sight{}, binlog.ErrWithheld
	}
	for _, f := range l.files {
		for i, id := range f.ids {
			if g, _ := gtid.Parse(id); of.Contains(g) {
				return binlog.Sight{File: f.name, Created: f.created, First: f.first(i)}, nil
			}
		}
	}
	return binlog.Sight{}, nil
}

func from(base string) position.Position {
	p, err := position.Parse([]byte(base))
	if err != nil {
		panic(err)
	}
	return p
}

func TestJudge(t *testing.T) {
	t.Parallel()
	read := from(`{"server":"` + a + `","gtid":"` + a + `:1-3","file":"log.2","pos":300,"created":20,"anchor":{"id":"` + a + `:3","pos":200,"time":3000003}}`)
	one, two, three, four, five := a+":1", a+":2", a+":3", a+":4", a+":5"
	rotated, untold, inSeconds := read, read, read
	rotated.Anchor = &position.Anchor{ID: read.Anchor.ID, Time: read.Anchor.Time}
	untold.Created, untold.Anchor = 0, nil
	inSeconds.Anchor = &position.Anchor{ID: read.Anchor.ID, Time: 3000000}
	begun := read
	begun.Anchor = nil
	all := []file{{"log.1", 10, []string{one}, []int64{1000001}}, {"log.2", 20, []string{two, three, four}, []int64{2000002, 3000003, 4000004}}}
	anew := []file{{"log.1", 30, []string{one, two, three, four, five}, []int64{5000001, 5000002, 5000003, 5000004, 5000005}}, {"log.2", 31, nil, []int64{1, 2, 3}}}
	tests := map[string]struct {
		from position.Position
		log  log
		want Verdict
		err  error
	}{
		"OK the log itself":                           {read, log{uuid: a, files: all}, Same, nil},
		"OK a file without its anchor":                {begun, log{uuid: a, files: all}, Same, nil},
		"OK an anchor in an earlier file":             {rotated, log{uuid: a, files: all}, Same, nil},
		"OK a position that tells neither":            {untold, log{uuid: a, files: all}, Elsewhere, nil},
		"OK another server":                           {read, log{uuid: b, files: []file{{"log.7", 70, []string{one, two, three}, []int64{1000001, 2000002, 3000003}}}}, Elsewhere, nil},
		"OK another server that does not tell times":  {read, log{uuid: b, files: []file{{"log.7", 70, []string{one, two, three}, []int64{9000000, 9000000, 9000000}}}}, Elsewhere, nil},
		"OK another server, in another order":         {read, log{uuid: b, files: []file{{"log.7", 70, []string{c + ":1", one, two, three}, []int64{4000004, 1000001, 2000002, 3000003}}}}, Elsewhere, nil},
		"OK another server, anchor purged":            {read, log{uuid: b, purged: a + ":1-3"}, Elsewhere, nil},
		"OK the file was purged":                      {read, log{uuid: a, purged: a + ":1-3", files: []file{{"log.3", 40, []string{four}, []int64{4000004}}}}, Elsewhere, nil},
		"OK reset, and told what was executed":        {read, log{uuid: a, purged: a + ":1-3", files: []file{{"log.1", 40, []string{four}, []int64{4000004}}}}, Elsewhere, nil},
		"OK cut by a crash, and replicated again":     {read, log{uuid: a, files: []file{{"log.2", 20, []string{two}, []int64{2000002}}, {"log.3", 50, []string{three, four}, []int64{3000003, 4000004}}}, purged: one}, Elsewhere, nil},
		"OK not sent for its gtid_mode":               {rotated, log{uuid: a, files: all, withheld: byGTIDOnly}, Same, nil},
		"ErrWithheld by another server":               {read, log{uuid: b, files: all, withheld: byGTIDOnly}, 0, binlog.ErrWithheld},
		"ErrWithheld of another file":                 {read, log{uuid: a, files: anew, withheld: byGTIDOnly}, 0, binlog.ErrWithheld},
		"ErrAnother reset and overtaken":              {read, log{uuid: a, files: anew}, 0, ErrAnother},
		"ErrAnother reset and overtaken, no anchor":   {begun, log{uuid: a, files: anew}, 0, ErrAnother},
		"ErrAnother reset within the second":          {read, log{uuid: a, files: []file{{"log.2", 20, []string{one, two, three, four}, []int64{5000001, 5000002, 5000003, 5000004}}}}, 0, ErrAnother},
		"ErrAnother reset within the second, rotated": {rotated, log{uuid: a, files: []file{{"log.2", 20, []string{one, two, three, four}, []int64{5000001, 5000002, 5000003, 5000004}}}}, 0, ErrAnother},
		"ErrAnother reset, not overtaken":             {read, log{uuid: a, files: []file{{"log.1", 30, []string{one}, []int64{5000001}}}}, 0, ErrAnother},
		"ErrAnother reset to a later file":            {begun, log{uuid: a, files: []file{{"log.9", 30, []string{one, two, three}, []int64{5000001, 5000002, 5000003}}}}, 0, ErrAnother},
		"ErrAnother in whole seconds":                 {inSeconds, log{uuid: a, files: []file{{"log.9", 30, []string{one, two, three}, []int64{5000000, 5000000, 5000000}}}}, 0, ErrAnother},
		"ErrAnother on another server":                {read, log{uuid: b, files: anew}, 0, ErrAnother},
		"ErrPurged":                                   {read, log{uuid: a, purged: a + ":1-4"}, 0, ErrPurged},
		"ErrBehind":                                   {read, log{uuid: b, files: []file{{"log.7", 70, []string{one}, []int64{1000001}}}}, 0, ErrBehind},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Judge(tt.from, &tt.log)
			if !errors.Is(err, tt.err) || err == nil && got != tt.want {
				t.Errorf("got %v, %v; want %v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestJudge_byFile(t *testing.T) {
	t.Parallel()
	read := from(`{"server":"` + a + `","file":"log.2","pos":300,"created":20,"anchor":{"pos":200,"time":3000000}}`)
	untold := read
	untold.Created, untold.Anchor = 0, nil
	tests := map[string]struct {
		from position.Position
		log  log
		err  error
	}{
		"OK":                                 {read, log{uuid: a, files: []file{{"log.2", 20, nil, []int64{2000000, 3000000}}}}, nil},
		"OK untold":                          {untold, log{uuid: a, files: []file{{"log.2", 99, nil, []int64{1, 2}}}}, nil},
		"ErrOtherServer":                     {read, log{uuid: b}, ErrOtherServer},
		"ErrPurged":                          {read, log{uuid: a, files: []file{{"log.3", 40, nil, nil}}}, ErrPurged},
		"ErrAnother lower files":             {read, log{uuid: a, files: []file{{"log.1", 40, nil, nil}}}, ErrAnother},
		"ErrAnother shorter":                 {read, log{uuid: a, files: []file{{"log.2", 20, nil, []int64{1}}}}, ErrAnother},
		"ErrAnother created later":           {read, log{uuid: a, files: []file{{"log.2", 40, nil, []int64{2000000, 3000000}}}}, ErrAnother},
		"OK not sent for its gtid_mode":      {read, log{uuid: a, files: []file{{"log.2", 20, nil, []int64{2000000, 3000000}}}, withheld: byFileToo}, nil},
		"ErrAnother not sent, created later": {read, log{uuid: a, files: []file{{"log.2", 40, nil, []int64{2000000, 3000000}}}, withheld: byFileToo}, ErrAnother},
		"ErrAnother other transaction":       {read, log{uuid: a, files: []file{{"log.2", 20, nil, []int64{2000000, 4000000}}}}, ErrAnother},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Judge(tt.from, &tt.log); !errors.Is(err, tt.err) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
			if tt.err != nil && Cure(tt.err) == "" {
				t.Errorf("%v has no cure", tt.err)
			}
		})
	}
}
