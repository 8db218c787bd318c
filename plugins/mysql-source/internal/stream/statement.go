package stream

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/sdk"
)

var errStatement = errors.New("a statement that changes rows is in the log instead of the rows: set binlog_format=ROW on the server, for all its sessions; " + cure.Behind)

// errByTransaction is for a change that is in the log already, which no new version of
// the table takes out of it.
var errByTransaction = fmt.Errorf("%w; "+cure.Behind, table.ErrByTransaction)

var errUnread = errors.New("statement that cannot be read, and that may change rows: please report it; " + cure.Behind)

// definitionVerb begins statements that change definitions and no rows.
var definitionVerb = regexp.MustCompile(`(?is)^(\s|/\*.*?\*/|--[^\n]*\n|#[^\n]*\n)*(CREATE|ALTER|DROP|RENAME)\b`)

// query takes a statement, which also begins and ends transactions.
func (s *Stream) query(e *binlog.Event) error {
	q, err := binlog.ParseQuery(e.Body)
	if err != nil {
		return s.stop(err)
	}
	switch {
	case q.IsBegin():
		if err := s.readClient(&q); err != nil {
			return s.stop(err)
		}
		return s.begin(e, q.Thread)
	case q.IsCommit():
		return s.commit(transaction.Commit)
	}
	return s.statement(e, &q)
}

func (s *Stream) statement(e *binlog.Event, q *binlog.Query) error {
	if s.machine.Outside() {
		s.newOrigin(e)
	}
	if name := s.machine.Name(); name != "" { // a statement's own group closes before its changes are written
		s.origin.Transaction = name
	}
	x, err := s.read(q)
	if err != nil {
		return s.unread(x, err)
	}
	statements := x.statements
	kind := transaction.Statement
	for _, st := range statements {
		if k := kindOf(st); k != transaction.Statement {
			kind = k
		}
		if err := s.checkDML(st); err != nil {
			return err
		}
	}
	effect, err := s.step(&transaction.Event{Kind: kind, Time: int64(s.seconds) * 1e6})
	if err != nil {
		return err
	}
	for _, st := range statements {
		if st.Class() != ddl.Definition || !q.Carried() {
			continue
		}
		if err := s.definition(st, x); err != nil {
			return err
		}
	}
	if effect == transaction.Closed {
		return s.closed()
	}
	return nil
}

// kindOf says what a statement means for transactions.
func kindOf(st ddl.Statement) transaction.Kind {
	switch st.Class() {
	case ddl.Begin:
		return transaction.Begin
	case ddl.Commit:
		return transaction.Commit
	case ddl.Rollback:
		return transaction.Rollback
	case ddl.RollbackTo:
		return transaction.RollbackTo
	case ddl.XA:
		other, ok := st.(*ddl.Other)
		if ok && (other.Verb == "XA START" || other.Verb == "XA BEGIN") {
			return transaction.BeginXA
		}
	}
	return transaction.Statement
}

func (s *Stream) checkDML(st ddl.Statement) error {
	other, ok := st.(*ddl.Other)
	if !ok || other.Kind != ddl.DML {
		return nil
	}
	if other.Table != (table.Name{}) && !s.Filter.Table(other.Table) {
		return nil
	}
	if def := s.defs.Table(other.Table); def != nil && def.ByTransaction() {
		return s.stop(fmt.Errorf("%s of table %s: %w", other.Verb, other.Table, errByTransaction))
	}
	return s.stop(fmt.Errorf("%s of table %s: %w", other.Verb, other.Table, errStatement))
}

// definition carries a statement out on the definitions. In a group of its own
// the machine stands behind it already, and State goes with what is written next.
func (s *Stream) definition(st ddl.Statement, x *readStatement) error {
	changes, state, err := s.defs.Apply(st, x.mode)
	if err != nil {
		return s.forget(x, err)
	}
	if err := s.tables.Clear(); err != nil {
		return s.stop(err)
	}
	if len(state) > 0 {
		s.Meter.Statement()
		s.Logger.Info("table definitions changed", "statement", beginning(x.text), "at", s.machine.Place().String())
		s.debugText(x.text)
		if err := s.state(state); err != nil {
			return err
		}
	}
	return s.unlogged(st, changes, x.mode, x.text)
}

func (s *Stream) state(changes []sdk.StateChange) error {
	need, _ := s.machine.Need()
	if need == 0 || len(changes) == 0 {
		return nil
	}
	if err := s.w.Direct(need); err != nil {
		return err
	}
	s.group.wrote = true
	return s.w.State(changes...)
}

// unread copes with a statement that cannot be read: the definitions it may
// concern are given up, and proved anew when rows of their tables come.
func (s *Stream) unread(x *readStatement, reason error) error {
	if !definitionVerb.MatchString(x.text) {
		return s.stop(fmt.Errorf("%w: %q: %w", errUnread, beginning(x.text), reason))
	}
	effect, err := s.step(&transaction.Event{Kind: transaction.Statement, Time: int64(s.seconds) * 1e6})
	if err != nil {
		return err
	}
	if err := s.forget(x, reason); err != nil {
		return err
	}
	if effect == transaction.Closed {
		return s.closed()
	}
	return nil
}

func (s *Stream) forget(x *readStatement, reason error) error {
	names, state := s.defs.Forget(definitions.Suspect{Text: x.text, Unclear: x.unclear, Database: x.mode.Database})
	if len(state) == 0 {
		return nil
	}
	shown := make([]string, 0, len(names))
	for _, n := range names[:min(len(names), 10)] {
		shown = append(shown, n.String())
	}
	s.Logger.Warn("a statement could not be followed; definitions it may concern are given up, and proved anew when rows of their tables come",
		"statement", beginning(x.text), "at", s.machine.Place().String(), "error", reason, "tables", strings.Join(shown, ", "), "count", len(names))
	s.debugText(x.text)
	if err := s.tables.Clear(); err != nil {
		return s.stop(err)
	}
	if err := s.state(state); err != nil {
		return err
	}
	return s.unreadTables(names, x.text)
}

// loadQuery takes LOAD DATA that is logged as a statement.
func (s *Stream) loadQuery(e *binlog.Event) error {
	q, err := binlog.LoadQuery(e.Body)
	if err != nil {
		return s.stop(err)
	}
	return s.statement(e, &q)
}
