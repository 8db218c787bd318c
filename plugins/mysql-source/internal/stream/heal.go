package stream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/tablemap"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unlogged"
)

// errDefinition ends a stream that has no proven definition of a table.
var errDefinition = errors.New("what the table looked like at this place of the log is not known")

var errNoDefinition = errors.New("no definition is known")

// Reasons why there is no proof, each with what helps.
const (
	unnamed = "the server did not log the names of the columns here (binlog_row_metadata was not FULL)"
	logMore = ": set binlog_row_metadata=FULL on the server, so that its log tells from then on, and "
	exclude = ": leave the table out with exclude.tables, or ask for its support"
)

// heal finds the definition that the rows of t were written with where the one
// at hand does not fit, and stops if there is no proof.
func (s *Stream) heal(name table.Name, had *table.Table, t *binlog.Table) (*table.Table, error) {
	reason := errNoDefinition
	if had != nil {
		reason = tablemap.Check(had, t.TableMapEvent)
	}
	ctx, cancel := context.WithTimeout(s.ctx, askTimeout)
	defer cancel()
	p, err := s.define(ctx, name)
	if lost(err) {
		return nil, err
	}
	var def *tablemap.Definition
	if tablemap.Named(t.TableMapEvent) {
		def, err = s.fromEvent(had, p, t.TableMapEvent, reason)
	} else {
		def, err = s.fromServer(had, p, err, t.TableMapEvent)
	}
	if err != nil {
		return nil, s.stop(fmt.Errorf("table %s: %w: %w (%w)", name, errDefinition, err, reason))
	}
	if err := s.healed(def.Table); err != nil {
		return nil, err
	}
	return def.Table, s.changedUnlogged(had, def)
}

// changedUnlogged marks a table whose rows a statement may have changed of which
// the definition alone tells.
func (s *Stream) changedUnlogged(had *table.Table, d *tablemap.Definition) error {
	need := s.lacking()
	if had == nil || need == 0 || d.Table.Sequence || !unlogged.Between(had, d.Table, d.Columns[tablemap.OriginEvent]) {
		return nil
	}
	return s.mark(&unlogged.Effect{Table: d.Table.ID(), Kind: unlogged.Unlogged}, need, "rows that do not fit the definition followed so far")
}

// healed has the definition kept with the position.
func (s *Stream) healed(def *table.Table) error {
	need, _ := s.machine.Need()
	if err := s.w.Direct(need); err != nil {
		return err
	}
	s.group.directed = true
	return s.w.State(s.defs.Put(def))
}

// fromEvent makes the definition of what the event tells, at any distance from
// the server. What it does not tell is in no name, label or key; the server's
// definition knows best if it fits altogether, else the one followed so far.
func (s *Stream) fromEvent(had *table.Table, p *proof, m *replication.TableMapEvent, reason error) (*tablemap.Definition, error) {
	known := []tablemap.Known{{Table: had, Origin: "the definition before"}}
	if p != nil {
		now := tablemap.Known{Table: p.table, Origin: "the server now"}
		if tablemap.Check(p.table, m) == nil {
			if p.table.Sequence || int(m.ColumnCount) > len(p.table.Columns) {
				return &tablemap.Definition{Table: p.table}, nil // the event alone does not tell hidden columns from others
			}
			known = []tablemap.Known{now}
		} else {
			known = append(known, now)
		}
	}
	defaults := s.facts.Defaults()
	known = append(known, tablemap.Known{Table: &table.Table{Charset: defaults.Charset, Collation: defaults.Collation}})
	d, err := tablemap.Define(m, s.facts.MariaDB, known...)
	if err != nil {
		return nil, fmt.Errorf("%w"+exclude, err)
	}
	attributes := []any{"table", d.Table.ID().String(), "reason", reason}
	for _, origin := range slices.Sorted(maps.Keys(d.Columns)) {
		attributes = append(attributes, "columns as in "+origin, strings.Join(d.Columns[origin], ", "))
	}
	s.Logger.Warn("a table's definition did not fit its rows: names, types and keys are now those of the log, and what the log lacks (defaults, decimals of FLOAT, BOOL) is of where each column was found", attributes...)
	return d, nil
}

// fromServer takes the server's definition where the event names no columns. That
// proves something only where no definition is known, and the server stands
// exactly behind the current group, as it wrote that. A definition that does not fit shows that
// statements are missing in the log, so that it may lack later ones as well.
func (s *Stream) fromServer(had *table.Table, p *proof, asked error, m *replication.TableMapEvent) (*tablemap.Definition, error) {
	switch {
	case had != nil:
		return nil, errors.New("the definition that was followed does not fit, as after a statement that is not in the log (sql_log_bin=0), and " + unnamed + logMore + cure.NewSnapshot)
	case asked != nil:
		return nil, fmt.Errorf(unnamed+", and the server does not tell: %w"+logMore+cure.NewSnapshot, asked)
	}
	if err := tablemap.Check(p.table, m); err != nil {
		return nil, fmt.Errorf(unnamed+", and the server has another definition now: %w"+logMore+cure.NewSnapshot, err)
	}
	if err := s.stands(p); err != nil {
		return nil, fmt.Errorf(unnamed+", and the definition that the server has now proves nothing: %w"+logMore+cure.NewSnapshot, err)
	}
	s.Logger.Warn("took a table's definition from the server, which stands at this place of the log", "table", p.table.ID().String())
	return &tablemap.Definition{Table: p.table}, nil
}
