// Package binlogtest makes events of a binary log by hand, for tests.
//
// Start reading at Log.
package binlogtest

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/klauspost/compress/zstd"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

// Log writes events one behind the other into a file.
type Log struct {
	Pos      uint32
	Seconds  uint32
	Server   uint32
	Checksum bool
	// Events in the order of their writing.
	Events [][]byte
}

// Event adds an event that stands in the log.
func (l *Log) Event(t replication.EventType, body []byte) *Log {
	return l.add(t, 0, body, true)
}

// Artificial adds one that the server makes for the connection.
func (l *Log) Artificial(t replication.EventType, flags uint16, body []byte) *Log {
	return l.add(t, flags|0x20, body, false)
}

func (l *Log) add(t replication.EventType, flags uint16, body []byte, inLog bool) *Log {
	size := uint32(19 + len(body))
	if l.Checksum {
		size += 4
	}
	var at uint32
	if inLog {
		l.Pos += size
		at = l.Pos
	}
	e := Header(t, l.Seconds, l.Server, size, at, flags)
	e = append(e, body...)
	if l.Checksum {
		e = binary.LittleEndian.AppendUint32(e, crc32.ChecksumIEEE(e))
	}
	l.Events = append(l.Events, e)
	return l
}

// Header returns an event's first 19 bytes.
func Header(t replication.EventType, seconds, server, size, at uint32, flags uint16) []byte {
	b := binary.LittleEndian.AppendUint32(nil, seconds)
	b = append(b, byte(t))
	b = binary.LittleEndian.AppendUint32(b, server)
	b = binary.LittleEndian.AppendUint32(b, size)
	b = binary.LittleEndian.AppendUint32(b, at)
	return binary.LittleEndian.AppendUint16(b, flags)
}

// Format describes the log of a server of version 8, with or without checksums.
func (l *Log) Format(checksums bool) *Log {
	b := make([]byte, 2+50+4, 128)
	b[0] = 4
	copy(b[2:], "8.0.40")
	b = append(b, 19)
	lengths := make([]byte, 42)
	lengths[replication.TABLE_MAP_EVENT-1] = 8
	b = append(b, lengths...)
	b = append(b, 0)
	l.Checksum = false
	if checksums {
		b[len(b)-1] = 1
		l.Checksum = true
		return l.Event(replication.FORMAT_DESCRIPTION_EVENT, b)
	}
	return l.Event(replication.FORMAT_DESCRIPTION_EVENT, append(b, 0, 0, 0, 0))
}

// Rotate begins another file, as the server says at the start of a connection.
func (l *Log) Rotate(file string, pos uint64) *Log {
	l.Artificial(replication.ROTATE_EVENT, 0, append(binary.LittleEndian.AppendUint64(nil, pos), file...))
	l.Pos = uint32(pos)
	return l
}

// GTID opens a transaction; committed is in microseconds, 0 for none told.
func (l *Log) GTID(id gtid.GTID, committed uint64) *Log {
	b := append([]byte{0}, id.Source.UUID[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(id.Number))
	if committed > 0 {
		b = append(append(b, 2), make([]byte, 16)...)
		b = append(b, binary.LittleEndian.AppendUint64(nil, committed)[:7]...)
	}
	return l.Event(replication.GTID_EVENT, b)
}

// Query adds a statement.
func (l *Log) Query(thread uint32, database, text string) *Log {
	return l.Event(replication.QUERY_EVENT, Query(thread, database, text, nil))
}

// Query returns the body of a QUERY event.
func Query(thread uint32, database, text string, status []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, thread)
	b = append(b, 0, 0, 0, 0, byte(len(database)), 0, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(status)))
	b = append(b, status...)
	b = append(append(b, database...), 0)
	return append(b, text...)
}

// Xid commits.
func (l *Log) Xid() *Log { return l.Event(replication.XID_EVENT, make([]byte, 8)) }

// Column of a table in the log.
type Column struct {
	Type byte
	Meta []byte
}

// TableMap tells of a table whose columns are all nullable.
func (l *Log) TableMap(id byte, database, name string, columns ...Column) *Log {
	return l.Event(replication.TABLE_MAP_EVENT, TableMap(id, database, name, columns...))
}

// TableMap returns the body of a TABLE_MAP event.
func TableMap(id byte, database, name string, columns ...Column) []byte {
	b := []byte{id, 0, 0, 0, 0, 0, 1, 0}
	b = append(append(append(b, byte(len(database))), database...), 0)
	b = append(append(append(b, byte(len(name))), name...), 0)
	b = append(b, byte(len(columns)))
	var meta []byte
	for _, c := range columns {
		b = append(b, c.Type)
		meta = append(meta, c.Meta...)
	}
	b = append(append(b, byte(len(meta))), meta...)
	for i := 0; i < len(columns); i += 8 {
		b = append(b, byte(1<<min(8, len(columns)-i)-1))
	}
	return b
}

// Rows adds a rows event of version 2 with all columns present.
func (l *Log) Rows(t replication.EventType, id byte, columns int, images ...[]byte) *Log {
	b := []byte{id, 0, 0, 0, 0, 0, 1, 0, 2, 0, byte(columns)}
	bitmaps := 1
	if t == replication.UPDATE_ROWS_EVENTv2 || t == replication.PARTIAL_UPDATE_ROWS_EVENT {
		bitmaps = 2
	}
	for range bitmaps {
		for i := 0; i < columns; i += 8 {
			b = append(b, byte(1<<min(8, columns-i)-1))
		}
	}
	for _, image := range images {
		b = append(b, image...)
	}
	return l.Event(t, b)
}

// Compress replaces the events from the i-th on by one that holds them.
func (l *Log) Compress(i int) *Log {
	var plain []byte
	for _, e := range l.Events[i:] {
		plain = append(plain, e...)
	}
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err) // without options it cannot fail
	}
	packed := w.EncodeAll(plain, nil)
	l.Events = l.Events[:i]
	body := []byte{2, 1, 0, 1, 3, 0xfc, byte(len(packed)), byte(len(packed) >> 8), 0}
	return l.Event(replication.TRANSACTION_PAYLOAD_EVENT, append(body, packed...))
}
