package monitor

import (
	"slices"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/retention"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

const (
	// listEvery is after how many questions the log files are listed anew, while
	// none is missing in the list.
	listEvery = 6
	// A server opens each of its files for the list, so it is asked for at most this
	// share of the time; but no more rarely than listRarely.
	listShare  = 100
	listRarely = 10 * time.Minute
)

// files is what is known of the log's files. The list comes anew; when a file was
// begun, and what was executed before, never changes.
type files struct {
	list  []retention.File
	rules retention.Rules
	seen  retention.Observer
	at    time.Time // of the list, by our clock
	took  time.Duration

	isNew bool // the list, since the last look

	begun    map[string]time.Time
	unread   map[string]bool // files of the list that could not be read for that
	previous map[string]*gtid.Set
}

// wanted returns the places that the list should have.
func wanted(sinks []Sink, read meter.Tail) []position.Place {
	out := []position.Place{read.Place}
	for _, s := range sinks {
		out = append(out, s.At.Place)
	}
	return out
}

// refresh lists the files anew if that is due.
func (f *files) refresh(conn *server.Conn, tail *server.Tail, places []position.Place, every time.Duration) error {
	now := time.Now()
	f.isNew = false
	if !f.due(now, append(places, tail.End), every) {
		f.grow(tail.End)
		return nil
	}
	list, err := conn.LogFiles()
	if err != nil {
		return err
	}
	f.at, f.took = now, time.Since(now)
	variables, err := conn.Variables(retention.Variables...)
	if err != nil {
		return err
	}
	f.rules = retention.RulesOf(variables)
	f.take(list)
	f.grow(tail.End)
	return nil
}

// due says whether to make a new list that has these places.
func (f *files) due(now time.Time, places []position.Place, every time.Duration) bool {
	if len(f.list) == 0 {
		return true
	}
	age := now.Sub(f.at)
	return age >= min(listShare*f.took, listRarely) && (age >= listEvery*every || f.lacks(places))
}

// lacks says whether a place is beyond the list.
func (f *files) lacks(places []position.Place) bool {
	last := position.Place{File: f.list[len(f.list)-1].Name}
	return slices.ContainsFunc(places, func(p position.Place) bool {
		return p.File != "" && (position.Place{File: p.File}).Compare(last) > 0
	})
}

// grow gives the last file the size that it has by now.
func (f *files) grow(end position.Place) {
	if n := len(f.list); n > 0 && f.list[n-1].Name == end.File {
		f.list[n-1].Size = max(f.list[n-1].Size, end.Pos)
	}
}

// take makes a list the present one. Where a file is smaller than it was, or the
// last one is not there any more, the log was begun anew under the same names.
func (f *files) take(list []server.LogFile) {
	if f.begun == nil || f.isAnother(list) {
		f.begun, f.previous, f.seen = map[string]time.Time{}, map[string]*gtid.Set{}, retention.Observer{}
	}
	there := map[string]bool{}
	f.list, f.isNew, f.unread = nil, true, map[string]bool{}
	for _, l := range list {
		there[l.Name] = true
		f.list = append(f.list, retention.File{Name: l.Name, Size: l.Size, Begun: f.begun[l.Name]})
	}
	for name := range f.begun {
		if !there[name] {
			delete(f.begun, name)
		}
	}
	for name := range f.previous {
		if !there[name] {
			delete(f.previous, name)
		}
	}
}

func (f *files) isAnother(list []server.LogFile) bool {
	sizes := map[string]uint64{}
	for _, l := range list {
		sizes[l.Name] = l.Size
	}
	for i, old := range f.list {
		size, there := sizes[old.Name]
		if there && size < old.Size || !there && i == len(f.list)-1 && len(list) > 0 && before(list[len(list)-1].Name, old.Name) {
			return true
		}
	}
	return false
}

func before(a, b string) bool {
	return position.Place{File: a}.Compare(position.Place{File: b}) < 0
}

// index of a file in the list, -1 if it is not there.
func (f *files) index(name string) int {
	return slices.IndexFunc(f.list, func(l retention.File) bool { return l.Name == name })
}

// bytes returns how many bytes of the log are between two places, as far as the
// list reaches.
func (f *files) bytes(from, to position.Place) (uint64, bool) {
	if from.File == to.File {
		return to.Pos - min(from.Pos, to.Pos), true
	}
	i := f.index(from.File)
	if i < 0 || from.Compare(to) > 0 {
		return 0, false
	}
	n := f.list[i].Size - min(from.Pos, f.list[i].Size)
	for _, l := range f.list[i+1:] {
		if !before(l.Name, to.File) {
			break // begun after the question for the end
		}
		n += l.Size
	}
	return n + to.Pos, true
}
