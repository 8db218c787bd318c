package tablemap

import (
	"errors"
	"fmt"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// ErrUnnamed means that no definition can be made of an event, as it does not name
// the columns: the server wrote it without binlog_row_metadata=FULL.
var ErrUnnamed = errors.New("the event does not name the columns")

// Known is a definition of the table of another time.
type Known struct {
	Table *table.Table
	// Origin says in messages where it comes from.
	Origin string
}

// OriginEvent is the Origin of what only the event tells.
const OriginEvent = "the event alone"

// Definition is a definition that fits an event, and where its columns come from.
type Definition struct {
	Table *table.Table
	// Columns are the names of the columns by where each was taken from.
	Columns map[string][]string
}

// Define makes the definition of an event that names its columns. All on which
// the values and keys of rows depend comes from the event. What it does not have
// (defaults, comments, widths, further indexes) is taken for each column from
// the first known definition whose column of that name fits the event in all that
// it does have, and is left out where there is none.
//
// mariaDB says whose event it is: that of MariaDB does not tell some types apart.
func Define(m *replication.TableMapEvent, mariaDB bool, known ...Known) (*Definition, error) {
	if !Named(m) {
		return nil, ErrUnnamed
	}
	b := newBuilder(m, mariaDB)
	for _, k := range known {
		b.take(k)
	}
	for i, err := range b.unread {
		if err != nil && b.origin[i] == OriginEvent {
			return nil, err
		}
	}
	b.index(known)
	if err := Check(b.table, m); err != nil {
		return nil, err
	}
	d := &Definition{Table: b.table, Columns: map[string][]string{}}
	for i, o := range b.origin {
		d.Columns[o] = append(d.Columns[o], b.table.Columns[i].Name)
	}
	return d, nil
}

// builder makes one definition.
type builder struct {
	event *event
	table *table.Table
	// unread says of each column why the event alone does not describe it.
	unread []error
	origin []string
}

func newBuilder(m *replication.TableMapEvent, mariaDB bool) *builder {
	b := &builder{
		event: read(m), table: &table.Table{Database: string(m.Schema), Name: string(m.Table), Key: eventKey(m)},
		unread: make([]error, m.ColumnCount), origin: make([]string, m.ColumnCount),
	}
	for i := range b.unread {
		c, err := b.event.column(i)
		if err == nil {
			err = certain(&c, mariaDB)
		}
		if err != nil {
			// A column without a type fits any event; it does not stay so.
			c.Type, b.unread[i] = "", fmt.Errorf("table %s: column %d %q: %w", b.table.ID(), i+1, c.Name, err)
		}
		b.table.Columns = append(b.table.Columns, c)
		b.origin[i] = OriginEvent
	}
	return b
}

// take takes over what fits of a known definition: all at once where that goes,
// else column by column.
func (b *builder) take(k Known) {
	if k.Table == nil {
		return
	}
	if b.table.Charset == "" {
		b.table.Charset, b.table.Collation, b.table.Comment = k.Table.Charset, k.Table.Collation, k.Table.Comment
	}
	found := map[int]table.Column{}
	for i, o := range b.origin {
		name := b.table.Columns[i].Name
		if j := k.Table.Find(name); j >= 0 && o == OriginEvent {
			found[i] = k.Table.Columns[j].Clone()
		}
	}
	if b.try(found, k.Origin) {
		return
	}
	for i, c := range found {
		b.try(map[int]table.Column{i: c}, k.Origin)
	}
}

// try puts columns into their places, and takes them out again if that does not
// fit the event.
func (b *builder) try(found map[int]table.Column, origin string) bool {
	had := map[int]table.Column{}
	for i, c := range found {
		had[i] = b.table.Columns[i]
		c.Name = had[i].Name
		b.table.Columns[i] = c
	}
	fits := Check(b.table, b.event.TableMapEvent) == nil
	for i := range found {
		if fits {
			b.origin[i] = origin
		} else {
			b.table.Columns[i] = had[i]
		}
	}
	return fits
}
