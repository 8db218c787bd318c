package binlog

import (
	"encoding/binary"
	"fmt"
)

// Query is a statement in the log, with the parts of its session that decide
// how it is read; BEGIN and COMMIT come without. Its slices refer to the event.
type Query struct {
	Thread   uint32
	Database []byte
	Text     []byte
	SQLMode  uint64
	// Charset is the number of the collation that Text is written in, 0 if not told.
	Charset uint16
	// UTF8MB4 is the number of the default collation for utf8mb4, 0 if not told.
	UTF8MB4 uint16
	// ImplicitTimestamps is explicit_defaults_for_timestamp=OFF.
	ImplicitTimestamps bool
}

// Codes of status variables, and the sizes of those that are passed over.
const (
	statusFlags2                 = 0
	statusSQLMode                = 1
	statusCatalog                = 2
	statusAutoIncrement          = 3
	statusCharset                = 4
	statusTimeZone               = 5
	statusCatalogNZ              = 6
	statusTimeNames              = 7
	statusCharsetDatabase        = 8
	statusTableMapForUpdate      = 9
	statusMasterDataWritten      = 10
	statusInvoker                = 11
	statusUpdatedDBs             = 12
	statusMicroseconds           = 13
	statusExplicitTimestamp      = 16
	statusDDLXid                 = 17
	statusUTF8MB4                = 18
	statusRequirePrimaryKey      = 19
	statusTableEncryption        = 20
	maxUpdatedDBs           byte = 254
)

var statusSizes = map[byte]uint64{
	statusAutoIncrement: 4, statusTimeNames: 2, statusCharsetDatabase: 2, statusTableMapForUpdate: 8,
	statusMasterDataWritten: 4, statusMicroseconds: 3, statusDDLXid: 8, statusRequirePrimaryKey: 1,
	statusTableEncryption: 1,
}

// ParseQuery reads the body of a QUERY event.
func ParseQuery(body []byte) (Query, error) {
	var q Query
	c := cursor{rest: body}
	q.Thread = uint32(c.uint(4))
	c.take(4) // time it took
	database := c.uint(1)
	c.take(2) // error code
	status := cursor{rest: c.take(c.uint(2))}
	q.Database = c.take(database)
	c.take(1) // terminator
	q.Text = c.rest
	if c.bad {
		return q, fmt.Errorf("%w: QUERY of %d bytes", ErrDamaged, len(body))
	}
	if !q.IsBegin() && !q.IsCommit() {
		q.status(&status)
	}
	return q, nil
}

// IsBegin says whether the statement opens a transaction, in the words of the server.
func (q *Query) IsBegin() bool { return string(q.Text) == "BEGIN" }

// IsCommit says whether it ends one, in the words of the server.
func (q *Query) IsCommit() bool { return string(q.Text) == "COMMIT" }

// status reads the variables up to the first that is not known here: they are
// written in the order of their age, so none that matters stands behind it.
func (q *Query) status(c *cursor) {
	for len(c.rest) > 0 {
		switch code := c.rest[0]; code {
		case statusFlags2:
			c.take(1 + 4)
		case statusSQLMode:
			c.take(1)
			q.SQLMode = c.uint(8)
		case statusCharset:
			c.take(1)
			if b := c.take(6); b != nil {
				q.Charset = binary.LittleEndian.Uint16(b)
			}
		case statusExplicitTimestamp:
			c.take(1)
			q.ImplicitTimestamps = c.uint(1) == 0
		case statusUTF8MB4:
			c.take(1)
			q.UTF8MB4 = uint16(c.uint(2))
		default:
			c.take(1)
			if !skipStatus(c, code) {
				return
			}
		}
	}
}

func skipStatus(c *cursor, code byte) bool {
	switch code {
	case statusCatalog:
		c.take(c.uint(1) + 1)
	case statusTimeZone, statusCatalogNZ:
		c.take(c.uint(1))
	case statusInvoker:
		c.take(c.uint(1))
		c.take(c.uint(1))
	case statusUpdatedDBs:
		n := byte(c.uint(1))
		for ; n > 0 && n != maxUpdatedDBs && !c.bad; n-- {
			for c.uint(1) != 0 {
			}
		}
	default:
		size, known := statusSizes[code]
		if !known {
			return false
		}
		c.take(size)
	}
	return !c.bad
}

// LoadQuery is the statement of an EXECUTE_LOAD_QUERY event: LOAD DATA that is
// logged as a statement.
func LoadQuery(body []byte) (Query, error) {
	const extra = 13 // file id, two offsets, duplicate handling
	const head = 4 + 4 + 1 + 2 + 2
	if len(body) < head+extra {
		return Query{}, fmt.Errorf("%w: EXECUTE_LOAD_QUERY of %d bytes", ErrDamaged, len(body))
	}
	return ParseQuery(append(body[:head:head], body[head+extra:]...))
}
