package row

import (
	"fmt"
)

// MariaDB from 11.4 on leaves generated columns out of the images of rows that
// are updated or deleted, even with binlog_row_image=FULL. Its hidden columns,
// which are behind those of the definition, are generated too, but for the
// period of a versioned table.

func errGenerated(column string) error {
	return fmt.Errorf("column %s is generated, and the server leaves it out of its log where a row is updated or deleted: exclude the column (exclude.columns), or the table", column)
}

// CheckGenerated refuses generated columns, for a server that does not log them
// with all rows.
func (p *Plan) CheckGenerated() error {
	for i := range p.table.Columns {
		if p.captured(i) != nil && p.generated(i) {
			return fmt.Errorf("table %s: %w", p.table.ID(), errGenerated(p.name(i)))
		}
	}
	return nil
}

// captured returns what encodes the i-th column of an event, nil if it is left
// out or hidden.
func (p *Plan) captured(i int) *column {
	if i >= len(p.source) || p.source[i] < 0 {
		return nil
	}
	return p.columns[p.source[i]]
}

// generated reports whether the server computes the i-th column of an event from
// others.
func (p *Plan) generated(i int) bool {
	if i < len(p.table.Columns) {
		c := &p.table.Columns[i]
		return c.Generated != "" && c.Period == ""
	}
	return i > p.table.RowEndColumn()
}

// name of the i-th column of an event.
func (p *Plan) name(i int) string {
	if i < len(p.table.Columns) {
		return p.table.Columns[i].Name
	}
	return fmt.Sprintf("%d (hidden)", i+1)
}

// withoutGenerated makes the image that lacks all generated columns, nil if that
// is none, or if one of them is captured.
func (m *Image) withoutGenerated() *Image {
	short := &Image{plan: m.plan, end: -1}
	for i := range m.fields {
		f := m.fields[i]
		if m.plan.generated(i) {
			if f.column != nil {
				return nil
			}
			continue
		}
		if i == m.end {
			short.end = len(short.fields)
		}
		short.fields = append(short.fields, f)
	}
	if len(short.fields) == len(m.fields) {
		return nil
	}
	return short
}

// of returns the image of the columns that a bitmap says are present.
func (m *Image) of(bitmap []byte) (*Image, error) {
	err := m.checkPresent(bitmap)
	if err != nil && m.short != nil && m.short.isExactly(bitmap, len(m.fields)) {
		return m.short, nil
	}
	return m, err
}

// isExactly reports whether the bitmap, over so many columns, has those of the
// image and no others.
func (m *Image) isExactly(bitmap []byte, columns int) bool {
	next := 0
	for i := range columns {
		present := bitmap[i>>3]&(1<<(i&7)) != 0
		has := next < len(m.fields) && m.fields[next].at == i
		if present != has {
			return false
		}
		if has {
			next++
		}
	}
	return true
}
