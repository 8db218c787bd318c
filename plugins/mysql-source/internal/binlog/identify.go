package binlog

import (
	"encoding/binary"
	"fmt"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

// Identity is what a GTID event says of the transaction it opens.
type Identity struct {
	ID gtid.GTID
	// Committed is when the transaction was first committed, in microseconds
	// since 1970; 0 if the server does not say so.
	Committed int64
}

const (
	logicalTimestamps = 2
	committedTwice    = 1 << 55
)

// Identify reads what an event says of the transaction that it opens; nothing
// where it is of a type that does not identify any.
func Identify(e *Event) (Identity, error) {
	switch e.Type {
	case replication.GTID_TAGGED_LOG_EVENT:
		return ParseTaggedGTID(e.Body)
	case replication.GTID_EVENT, replication.ANONYMOUS_GTID_EVENT:
		return ParseGTID(e.Body)
	}
	return Identity{}, nil
}

// Time is Committed, or that of the event where the server does not say so.
func (i *Identity) Time(e *Event) int64 {
	if i.Committed != 0 {
		return i.Committed
	}
	return int64(e.Seconds) * 1e6
}

// ParseGTID reads the body of a GTID or ANONYMOUS_GTID event.
func ParseGTID(body []byte) (Identity, error) {
	c := cursor{rest: body}
	var i Identity
	c.take(1) // flags
	copy(i.ID.Source.UUID[:], c.take(16))
	i.ID.Number = int64(c.uint(8))
	if c.bad {
		return i, fmt.Errorf("%w: GTID of %d bytes", ErrDamaged, len(body))
	}
	if len(c.rest) < 1+16+7 || c.rest[0] != logicalTimestamps {
		return i, nil // before 8.0
	}
	c.take(1 + 16)
	at := c.uint(7)
	if at&committedTwice != 0 {
		at = c.uint(7) // the first is when this server committed it
	}
	i.Committed = int64(at)
	return i, nil
}

// ParseTaggedGTID reads the body of a GTID_TAGGED event.
func ParseTaggedGTID(body []byte) (i Identity, err error) {
	defer func() {
		if r := recover(); r != nil { // the library reads damaged bytes beyond their end
			i, err = Identity{}, fmt.Errorf("%w: GTID_TAGGED of %d bytes: %v", ErrDamaged, len(body), r)
		}
	}()
	var e replication.GtidTaggedLogEvent
	if err := e.Decode(body); err != nil {
		return i, fmt.Errorf("%w: GTID_TAGGED of %d bytes: %w", ErrDamaged, len(body), err)
	}
	if len(e.SID) != len(i.ID.Source.UUID) {
		return i, fmt.Errorf("%w: GTID_TAGGED of %d bytes", ErrDamaged, len(body))
	}
	copy(i.ID.Source.UUID[:], e.SID)
	i.ID.Source.Tag, i.ID.Number = e.Tag.String(), e.GNO
	i.Committed = int64(e.OriginalCommitTimestamp)
	if i.Committed == 0 {
		i.Committed = int64(e.ImmediateCommitTimestamp)
	}
	return i, nil
}

// Sequence returns the domain and the sequence number that MariaDB gives the
// transaction which an event opens; 0 where it is of another type.
func Sequence(e *Event) (domain uint32, sequence uint64) {
	if e.Type != replication.MARIADB_GTID_EVENT || len(e.Body) < 12 {
		return 0, 0
	}
	return binary.LittleEndian.Uint32(e.Body[8:]), binary.LittleEndian.Uint64(e.Body)
}
