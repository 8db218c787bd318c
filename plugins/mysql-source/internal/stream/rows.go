package stream

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/sdk"
)

var (
	errNoTableMap = errors.New("rows of a table that no TABLE_MAP event has told of")
	errPartial    = errors.New("the server logs differences of JSON values instead of the values: set binlog_row_value_options='' on the server, for all its sessions; " + cure.Behind)
)

// captured is what the stream knows of a table that a TABLE_MAP event told of.
type captured struct {
	image *row.Image
	id    sdk.SchemaID
	count *meter.Table
}

func (s *Stream) rowsEvent(e *binlog.Event) error {
	var r binlog.Rows
	if err := r.Parse(e); err != nil {
		return s.stop(err)
	}
	if r.Table == binlog.DummyTable {
		return nil
	}
	t := s.tables.Get(r.Table)
	if t == nil {
		return s.stop(fmt.Errorf("%w: number %d", errNoTableMap, r.Table))
	}
	c, isCaptured := t.Use.(*captured)
	need, whole := s.machine.Need()
	if !isCaptured || need == 0 {
		return s.pass(t, &r, isCaptured)
	}
	if r.Partial {
		return s.stop(fmt.Errorf("table %s.%s: %w", t.Schema, t.Table, errPartial))
	}
	// The machine may refuse rows here, before any is written.
	if _, err := s.step(&transaction.Event{Kind: transaction.Rows, Captured: true}); err != nil {
		return err
	}
	s.placeOrigin()
	if whole && !s.group.directed {
		if err := s.w.Direct(need); err != nil {
			return err
		}
		s.group.directed = true
	}
	n, err := s.write(c, &r, whole)
	if err != nil {
		return err
	}
	s.group.wrote = true
	s.idle.postponed = 0
	s.place.row += uint32(n)
	s.Meter.Rows(int(r.Op), n)
	c.count.Sent(n, s.origin.Time)
	_, err = s.step(&transaction.Event{Kind: transaction.Rows, Rows: n, Captured: true})
	return err
}

// pass counts rows that nobody needs.
func (s *Stream) pass(t *binlog.Table, r *binlog.Rows, isCaptured bool) error {
	n, err := t.Count(r)
	if err != nil {
		return s.stop(err)
	}
	if isCaptured {
		s.noteLeftRows(t)
	}
	_, err = s.step(&transaction.Event{Kind: transaction.Rows, Rows: n, Captured: isCaptured})
	return err
}

// write sends the rows of an event, and returns how many there were.
func (s *Stream) write(c *captured, r *binlog.Rows, whole bool) (uint64, error) {
	position := sdk.Position{Skip: s.machine.Rows()}
	change := &s.changed
	*change = sdk.Change{Schema: c.id, Offset: s.place.start, Row: s.place.row}
	for data := r.Data; len(data) > 0; change.Row++ {
		n, err := s.decode(c.image, r, data, change)
		if err != nil {
			return 0, s.stop(err)
		}
		if c.image.Versioned() {
			onlyCurrent(r.Op, &s.rows[0], &s.rows[1], change)
		}
		data = data[n:]
		position.Skip++
		if change.Op == 0 {
			continue
		}
		if !whole {
			need := s.machine.NeedRow(position.Skip - 1)
			if need == 0 {
				continue
			}
			if err := s.w.Direct(need); err != nil {
				return 0, err
			}
		}
		position.Base = s.machine.Base() // none unless it is written
		if err := s.w.Change(change, position); err != nil {
			return 0, err
		}
	}
	return position.Skip - s.machine.Rows(), nil
}

// decode reads one row of an event into change.
func (s *Stream) decode(image *row.Image, r *binlog.Rows, data []byte, change *sdk.Change) (int, error) {
	first, second := &s.rows[0], &s.rows[1]
	n, err := image.Decode(data, r.First, first)
	if err != nil {
		return 0, err
	}
	switch r.Op {
	case binlog.Insert:
		change.Op, change.Key, change.After = sdk.Create, first.Key, first.Value
	case binlog.Delete:
		change.Op, change.Key, change.Before = sdk.Delete, first.Key, first.Value
	default:
		m, err := image.Decode(data[n:], r.Second, second)
		if err != nil {
			return 0, err
		}
		n += m
		change.Op, change.Key, change.OldKey = sdk.Update, second.Key, nil
		change.Before, change.After = first.Value, second.Value
		if !bytes.Equal(first.Key, second.Key) {
			change.OldKey = first.Key
		}
	}
	return n, nil
}

// rowsQuery keeps the statement that the rows which follow come from.
func (s *Stream) rowsQuery(body []byte) {
	if !s.Query || len(body) < 1 {
		return
	}
	s.origin.Query = s.queryText(body[1:]) // its length is cut to a byte, and of no use
	s.placed = false
}
