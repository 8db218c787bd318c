package binlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
)

// errHeaderLengths is returned for the log of a server before 5.1.5.
var errHeaderLengths = errors.New("binlog of a server that is too old")

// Table is what a TABLE_MAP event says of a table: how its rows are laid out.
type Table struct {
	*replication.TableMapEvent
	body   []byte
	widths []width
	json   int
	// Use is for the reader of the rows: what it knows of the table.
	Use any
}

// Tables are those that rows events refer to by number. The server repeats a
// table's event in each statement; one that is the same bytes is not read again.
type Tables struct {
	parser *replication.BinlogParser
	byID   map[uint64]*Table
	format []byte
}

// Format takes a FORMAT_DESCRIPTION event. It must come before all others.
func (t *Tables) Format(e *Event) error {
	if len(e.raw) < headerSize+algorithmAt {
		return fmt.Errorf("%w: description of the format of %d bytes", ErrDamaged, len(e.raw))
	}
	t.format = append(t.format[:0], e.raw...)
	t.format[len(t.format)-algorithmAt] = byte(replication.BINLOG_CHECKSUM_ALG_OFF) // they are cut off before
	return t.Clear()
}

// Clear forgets all tables: numbers begin anew in each file.
func (t *Tables) Clear() error {
	t.byID = map[uint64]*Table{}
	t.parser = replication.NewBinlogParser()
	if t.format == nil {
		return nil
	}
	e, err := t.parser.Parse(t.format)
	if err != nil {
		return fmt.Errorf("read format of the binlog: %w", err)
	}
	f, ok := e.Event.(*replication.FormatDescriptionEvent)
	if !ok || len(f.EventTypeHeaderLengths) < int(replication.TABLE_MAP_EVENT) || f.EventTypeHeaderLengths[replication.TABLE_MAP_EVENT-1] != 8 {
		return errHeaderLengths
	}
	if strings.Contains(f.ServerVersion, "MariaDB") {
		t.parser.SetFlavor(mysql.MariaDBFlavor) // which counts geometries among the columns with a character set
	}
	return nil
}

// Map takes a TABLE_MAP event, and says whether it is other than the last one
// of that number.
func (t *Tables) Map(e *Event) (table *Table, isNew bool, err error) {
	c := cursor{rest: e.Body}
	id := c.uint(6)
	if old := t.byID[id]; old != nil && bytes.Equal(old.body, e.Body) {
		return old, false, nil
	}
	if table, err = t.parse(e); err != nil {
		return nil, false, err
	}
	if t.byID == nil {
		t.byID = map[uint64]*Table{}
	}
	t.byID[id] = table
	return table, true, nil
}

func (t *Tables) parse(e *Event) (table *Table, err error) {
	defer func() {
		if r := recover(); r != nil { // the library reads damaged bytes beyond their end
			table, err = nil, fmt.Errorf("%w: TABLE_MAP of %d bytes: %v", ErrDamaged, len(e.Body), r)
		}
	}()
	if t.parser == nil {
		return nil, fmt.Errorf("%w: TABLE_MAP before the description of the format", ErrDamaged)
	}
	raw := slices.Clone(e.raw)
	binary.LittleEndian.PutUint32(raw[9:], uint32(len(raw)))
	restore := hideCompressed(columnTypes(raw[headerSize:]))
	parsed, err := t.parser.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read TABLE_MAP: %w", err)
	}
	m, ok := parsed.Event.(*replication.TableMapEvent)
	if !ok {
		return nil, fmt.Errorf("%w: %v is no TABLE_MAP", ErrDamaged, e.Type)
	}
	restore() // the parsed event refers to raw
	table = &Table{TableMapEvent: m, body: raw[headerSize:]}
	table.measure()
	return table, nil
}

// Get returns the table of a number, nil if no event has told of it.
func (t *Tables) Get(id uint64) *Table { return t.byID[id] }

// Forget has the next TABLE_MAP event of the table read anew.
func (t *Tables) Forget(table *Table) { table.body = nil }
