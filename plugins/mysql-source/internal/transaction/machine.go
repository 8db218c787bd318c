package transaction

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/sdk"
)

// What a group of events can be refused for.
var (
	ErrXA         = errors.New("rows of captured tables in an XA transaction: the log has them at XA PREPARE, before it is known whether they will be committed: do not write captured tables in them; " + cure.Behind)
	ErrRolledBack = errors.New("rows of captured tables in the log were rolled back there: they were sent and are void where the table is transactional: do not write captured tables together with ones without transactions; " + cure.Behind)
	ErrUnfinished = errors.New("rows of captured tables in a transaction that the log ends without a commit, as after a crash of the server: they were sent and are void; " + cure.NewSnapshot)
	ErrAnonymous  = errors.New("transaction without a GTID though gtid_mode is ON")
	ErrOrder      = errors.New("event out of order")
	ErrSkip       = errors.New("transaction has fewer rows than were sent of it before: it is not the same transaction: point the source at the server that it read it from, or " + cure.NewSnapshot)
)

// Start is where a Machine begins.
type Start struct {
	// Server is the server_uuid of the log.
	Server string
	// Executed is what the stream leaves out, nil where it goes by file and offset.
	Executed *gtid.Set
	// Place of the first event, as far as known.
	Place position.Place
	// Created and Anchor of the log at Place, as a position has them.
	Created int64
	Anchor  *position.Anchor
	// Sinks by their bit.
	Sinks []Progress
	// Ignore says of which servers transactions are left out; nil of none.
	Ignore func(gtid.UUID) bool
}

// Machine follows the log. It is not safe for concurrent use.
type Machine struct {
	server   string
	writer   *position.Writer
	printer  gtid.Printer
	executed *gtid.Set
	at       position.Place // behind the last group
	log      landmark
	ignore   func(gtid.UUID) bool
	all      sdk.SinkSet
	behind   map[int]*Progress // sinks that the stream has not reached
	sure     position.Place    // all before it is executed; none if the log is not known that well
	before   *gtid.Set         // what was executed when the machine began to go by file

	group group
	base  []byte // rendered; nil if it is not
}

// group is a transaction, or a statement that is a group of its own.
type group struct {
	state    state
	named    bool // has an id …
	byID     bool // … and the stream goes by it
	id       gtid.GTID
	name     string // of the id, once it was asked for
	start    position.Place
	time     int64
	rows     uint64
	captured bool
	need     sdk.SinkSet
	skip     map[int]uint64 // rows that sinks have, where not 0
}

type state uint8

const (
	outside state = iota
	opened        // identified, but no statement yet
	inside
	insideXA
)

// New returns a machine that stands at the start.
func New(s Start) *Machine {
	m := &Machine{
		server: s.Server, writer: position.NewWriter(s.Server), executed: s.Executed, at: s.Place,
		ignore: s.Ignore, behind: map[int]*Progress{}, sure: s.Place,
	}
	m.log.start(&s)
	for i := range s.Sinks {
		m.all = m.all.With(i)
		if !s.Sinks[i].passed(s.Executed, s.Place) {
			m.behind[i] = &s.Sinks[i]
			if done := s.Sinks[i].Done.Place; done.Compare(m.sure) < 0 {
				m.sure = done
			}
		}
	}
	return m
}

// Step takes the next event. After an error the machine is of no more use.
func (m *Machine) Step(e *Event) (Effect, error) {
	switch e.Kind {
	case Rows:
		return None, m.rows(e)
	case GTID, Anonymous:
		return m.identify(e)
	case Begin, BeginXA:
		return m.begin(e)
	case Commit, Prepare:
		return m.commit(e)
	case Rollback, RollbackTo:
		return m.rollback(e)
	case Statement:
		return m.statement(e)
	case Rotate, Restart:
		return m.restart(e)
	case Heartbeat:
		return m.heartbeat(e), nil
	case Reconnect:
		m.reconnect()
		return None, nil
	}
	return None, m.fault(e, ErrOrder)
}

// Rows returns how many rows of the current group have passed.
func (m *Machine) Rows() uint64 { return m.group.rows }

// ID returns the identifier of the current group, and whether it has one.
func (m *Machine) ID() (gtid.GTID, bool) { return m.group.id, m.group.named }

// Name returns the text of that identifier, empty if there is none.
func (m *Machine) Name() string {
	if m.group.named && m.group.name == "" {
		m.group.name = m.printer.Print(m.group.id)
	}
	return m.group.name
}

// Ignored returns the server that the current group is of, and whether the group
// is left out for that.
func (m *Machine) Ignored() (gtid.UUID, bool) {
	u := m.group.id.Source.UUID
	return u, m.group.byID && m.ignore != nil && m.ignore(u)
}

// Place returns where the current group begins, or the next one if there is none.
func (m *Machine) Place() position.Place {
	if m.group.state != outside {
		return m.group.start
	}
	return m.at
}

// All returns all sinks.
func (m *Machine) All() sdk.SinkSet { return m.all }

// Outside says whether no group is open.
func (m *Machine) Outside() bool { return m.group.state == outside }

// Moved says that the log is that of another server from now on, or another one
// of the same server: what is known of the files holds no longer.
func (m *Machine) Moved(server string) {
	m.server, m.writer, m.base = server, position.NewWriter(server), nil
	m.sure, m.before = position.Place{}, nil
	m.log.leaveFile()
}

// Created says when the current file was begun, in seconds since 1970.
func (m *Machine) Created(at int64) {
	if m.log.created != at {
		m.log.created, m.base = at, nil
	}
}

// Behind says whether a sink has more than the stream has passed: its
// checkpoint must not move with Base outside a group that it lacks.
func (m *Machine) Behind() bool { return len(m.behind) > 0 }

// Resume returns where a new connection begins.
func (m *Machine) Resume() position.Position {
	p := m.Position()
	p.In = nil
	return p
}

// Position returns that of the current group, or of the next one.
func (m *Machine) Position() position.Position {
	p := position.Position{Server: m.server, GTID: m.executed, Place: m.Place(), Created: m.log.created, Anchor: m.log.copied()}
	if m.group.state != outside && m.group.byID {
		p.In = &m.group.id
	}
	return p
}

// Base renders Position for an sdk.Writer, which keeps the last one only: the
// text holds until the next but one, and each is to be written once it is asked for.
func (m *Machine) Base() []byte {
	if m.base != nil {
		return m.base
	}
	in := ""
	if m.group.state != outside && m.group.byID {
		in = m.Name()
	}
	p := position.Position{GTID: m.executed, Place: m.Place(), Created: m.log.created, Anchor: m.log.anchor()}
	m.base = m.writer.Render(&p, in, m.log.name)
	return m.base
}

// Need returns the sinks that lack the group, and whether all of them lack all
// of its rows; else NeedRow tells. It holds until the next group is opened.
func (m *Machine) Need() (sinks sdk.SinkSet, whole bool) {
	return m.group.need, len(m.group.skip) == 0
}

// NeedRow returns the sinks that lack the i-th row of the group.
func (m *Machine) NeedRow(i uint64) sdk.SinkSet {
	need := m.group.need
	for sink, skip := range m.group.skip {
		if i < skip {
			need &^= sdk.SinkSet(0).With(sink)
		}
	}
	return need
}

func (m *Machine) fault(e *Event, err error) error {
	name := "transaction"
	if m.group.named {
		name += " " + m.Name()
	}
	return fmt.Errorf("%s at %s, %s event at %d: %w", name, m.Place(), e.Kind, e.Start, err)
}
