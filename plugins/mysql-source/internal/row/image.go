package row

import (
	"errors"
	"fmt"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var errShort = errors.New("row image ends before the row does; the event is damaged")

// Image decodes the row images that follow one TABLE_MAP event. Like its plan
// it never changes.
type Image struct {
	plan   *Plan
	fields []field
	// end is the field that tells current rows from those of the past, -1 for a
	// table that keeps none.
	end int
	// short is for images without the columns that MariaDB may leave out; nil if
	// there are none, or one of them is captured.
	short *Image
}

// field is one column of a row image.
type field struct {
	layout
	// column is nil for one that is left out.
	column *column
	// at is the number of the column in the event.
	at int
}

// Binlog prepares to decode row images as the event describes them. It fails
// if the event and the definition disagree, so that no row is ever read with a
// definition that it was not written with.
func (p *Plan) Binlog(m *replication.TableMapEvent) (*Image, error) {
	if err := table.Check(p.table, m); err != nil {
		return nil, fmt.Errorf("read rows of log: %w", err)
	}
	image := &Image{plan: p, fields: make([]field, len(m.ColumnType)), end: p.table.RowEndColumn()}
	for i := range image.fields {
		f := &image.fields[i]
		l, err := layoutOf(m.ColumnType[i], m.ColumnMeta[i])
		if err == nil {
			if f.column = p.captured(i); f.column != nil {
				err = f.column.fits(l)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("read column %s of table %s: %w", p.name(i), p.table.ID(), err)
		}
		f.layout, f.at = l, i
	}
	image.short = image.withoutGenerated()
	return image, nil
}

// Decode encodes the row image at the start of data into out, and returns how
// many bytes it took. The bitmap says which columns are present, which must be
// all of them; data starts with the NULL bits of those, as in a rows event.
func (m *Image) Decode(data, bitmap []byte, out *Row) (int, error) {
	m, err := m.of(bitmap)
	if err != nil {
		return 0, err
	}
	pos := (len(m.fields) + 7) / 8
	if len(data) < pos {
		return 0, errShort
	}
	dst := out.reset()
	for i := range m.fields {
		f := &m.fields[i]
		var raw []byte
		null := data[i>>3]&(1<<(i&7)) != 0
		if !null {
			start, size, ok := f.span(data, pos)
			if !ok {
				return 0, m.fail(i, errShort)
			}
			pos = start + size
			raw = data[start:pos]
		}
		if f.column == nil {
			continue
		}
		if null {
			dst, err = f.column.appendNull(dst)
		} else {
			dst, err = f.column.appendRaw(raw, dst)
		}
		if err != nil {
			return 0, m.fail(i, err)
		}
		out.ends = append(out.ends, len(dst))
	}
	m.plan.seal(out, dst)
	if m.end >= 0 {
		out.Past = m.isPast(data)
	}
	return pos, nil
}

func (m *Image) fail(i int, err error) error {
	return fmt.Errorf("decode column %s of table %s: %w", m.plan.name(m.fields[i].at), m.plan.table.ID(), err)
}

// checkPresent refuses an image without all columns: one that is missing is
// not NULL, and nothing in the log tells its value.
func (m *Image) checkPresent(bitmap []byte) error {
	n := len(m.fields)
	if len(bitmap) < (n+7)/8 {
		return fmt.Errorf("decode row of table %s: bitmap of columns has %d bytes for %d columns; the event is damaged", m.plan.table.ID(), len(bitmap), n)
	}
	for i := 0; i < n; i += 8 {
		want := byte(0xff)
		if n-i < 8 {
			want = 1<<(n-i) - 1
		}
		if missing := want &^ bitmap[i>>3]; missing != 0 {
			return m.missing(i, missing)
		}
	}
	return nil
}

func (m *Image) missing(i int, bits byte) error {
	for bits&1 == 0 || bits > 1 && m.plan.captured(i) == nil && m.plan.generated(i) {
		bits >>= 1
		i++
	}
	if m.plan.generated(i) {
		return fmt.Errorf("decode row of table %s: %w", m.plan.table.ID(), errGenerated(m.plan.name(i)))
	}
	return fmt.Errorf("decode row of table %s: column %s is not in the row image; set binlog_row_image=FULL on the server, for all its sessions; "+cure.Behind, m.plan.table.ID(), m.plan.name(i))
}
