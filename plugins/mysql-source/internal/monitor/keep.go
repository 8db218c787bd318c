package monitor

import (
	"context"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/retention"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// keep is how long the server keeps what the slowest sink needs.
type keep struct {
	sink   string
	known  bool
	first  retention.Left
	at     time.Time // of first, by our clock
	reason string
	since  time.Time // when it became a matter for a notice
}

// left is that time by now. It is false where it is not known, or there is no end.
func (k *keep) left(now time.Time) (time.Duration, bool) {
	left := k.first.For
	if k.first.Counting {
		left = max(0, left-now.Sub(k.at))
	}
	return left, k.known
}

// need is what a sink needs of the log.
type need struct {
	sink string
	file string
	gone bool
}

// askKeep finds the sink that needs the oldest file, and how long that stays.
func (m *Monitor) askKeep(ctx context.Context, tail *server.Tail, sinks []Sink) error {
	m.files.learnBegun(m.begun(ctx), 0, 1)
	if m.files.isNew {
		m.files.seen.See(m.files.list, m.files.rules, tail.Now)
	}
	slowest, err := m.slowest(sinks)
	if err != nil || slowest == nil {
		m.showKeep(nil)
		return err
	}
	k := &keep{sink: slowest.sink, known: true, at: time.Now()}
	if slowest.gone {
		k.first = retention.Left{Counting: true, Gone: true, Reason: "transactions of a log file before " + slowest.file + ", which is not there any more"}
	} else {
		i := m.files.index(slowest.file)
		m.files.learnBegun(m.begun(ctx), i, i+1)
		log := retention.Log{Files: m.files.list, Rules: m.files.rules, Observed: m.files.seen.Age()}
		k.first, k.known = log.Left(slowest.file, tail.Now)
	}
	k.reason = "sink " + k.sink + " needs " + k.first.Reason
	if !k.known {
		k.reason = "sink " + k.sink + " needs " + slowest.file + ": " + k.first.Reason
	}
	m.showKeep(k)
	return nil
}

func (m *Monitor) showKeep(k *keep) {
	m.warn(k)
	if k != nil {
		k.since = m.since
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep = k
}

// slowest returns the sink that needs the oldest file; nil if none is known to
// need one.
func (m *Monitor) slowest(sinks []Sink) (*need, error) {
	var slowest *need
	for _, s := range sinks {
		n, err := m.need(s)
		if err != nil {
			return nil, err
		}
		if n != nil && (slowest == nil || n.gone && !slowest.gone || n.gone == slowest.gone && before(n.file, slowest.file)) {
			slowest = n
		}
	}
	return slowest, nil
}

// need returns what a sink needs: by its GTIDs wherever that is, else by file and
// position on the server that they are of.
func (m *Monitor) need(s Sink) (*need, error) {
	if s.At.GTID == nil || !m.facts.ByGTID {
		if s.At.File == "" || s.At.Server != m.facts.UUID {
			return nil, nil
		}
		return &need{sink: s.Name, file: s.At.File}, nil
	}
	if len(m.files.list) == 0 {
		return nil, nil
	}
	file, there, err := retention.Needed(m.files.list, s.At.GTID, m.previous)
	if err != nil {
		m.files.at = time.Time{} // a file may have gone since they were listed
		return nil, err
	}
	if !there {
		return &need{sink: s.Name, file: m.files.list[0].Name, gone: true}, nil
	}
	return &need{sink: s.Name, file: file}, nil
}

// previous returns which transactions that are taken were executed before a file.
func (m *Monitor) previous(file string) (*gtid.Set, error) {
	if set := m.files.previous[file]; set != nil {
		return set, nil
	}
	set, err := m.conn.PreviousGTIDs(file)
	if err != nil {
		return nil, err
	}
	if m.Ignore != nil {
		set = set.Filter(m.takes)
	}
	m.files.previous[file] = set
	return set, nil
}

// begun asks when a file was begun, on a connection of its own.
func (m *Monitor) begun(ctx context.Context) func(file string) time.Time {
	return func(file string) time.Time {
		conn, err := m.Server.Connect(ctx)
		if err != nil {
			return time.Time{}
		}
		defer func() { _ = conn.Close() }()
		defer conn.Bind(ctx)()
		at, err := binlog.Begun(conn.Conn, m.facts.MariaDB, file, askTimeout)
		if err != nil {
			m.Logger.Debug("cannot read when a log file was begun", "file", file, "error", err)
			return time.Time{}
		}
		return at
	}
}

// learnBegun finds out when files of the list were begun. What cannot be read is
// tried again with the next list.
func (f *files) learnBegun(ask func(file string) time.Time, indexes ...int) {
	for _, i := range indexes {
		if i < 0 || i >= len(f.list) || !f.list[i].Begun.IsZero() {
			continue
		}
		name := f.list[i].Name
		if f.begun[name].IsZero() && !f.unread[name] {
			at := ask(name)
			f.begun[name], f.unread[name] = at, at.IsZero()
		}
		f.list[i].Begun = f.begun[name]
	}
}
