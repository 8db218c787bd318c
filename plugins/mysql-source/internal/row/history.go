package row

import "encoding/binary"

// The end of the period of a row that is current: the largest TIMESTAMP(6).
// MariaDB doubled its range in 11.5.
const (
	lastSecondBefore = 1<<31 - 1
	lastSecond       = 1<<32 - 1
	lastMicro        = 999999
)

// Versioned reports whether rows of the past are among the table's images:
// Row.Past tells them.
func (m *Image) Versioned() bool { return m.end >= 0 }

// isPast reads the end of the period in the row image at the start of data,
// which was decoded before.
func (m *Image) isPast(data []byte) bool {
	pos := (len(m.fields) + 7) / 8
	for i := range m.fields[:m.end] {
		if data[i>>3]&(1<<(i&7)) == 0 {
			start, size, _ := m.fields[i].span(data, pos)
			pos = start + size
		}
	}
	start, size, ok := m.fields[m.end].span(data, pos)
	return !ok || !isLast(data[start:start+size])
}

// isLast takes a TIMESTAMP(6).
func isLast(raw []byte) bool {
	if len(raw) != 7 {
		return false
	}
	seconds := binary.BigEndian.Uint32(raw)
	return (seconds == lastSecond || seconds == lastSecondBefore) && bigEndian(raw[4:]) == lastMicro
}
