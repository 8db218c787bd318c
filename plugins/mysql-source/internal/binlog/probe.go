package binlog

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/refusal"
	"github.com/leat-io/leat/sdk"
)

// Sight is what a log begins with from some place on.
type Sight struct {
	// File is where it begins, and where First stands.
	File string
	// Created is when the file was begun, in seconds since 1970; 0 if the server
	// could not read it from there.
	Created int64
	// First is the first transaction in it, nil if there is none.
	First *position.Anchor
}

// Probe asks for the log as Dump does, beside any dump that goes on, and reads no
// further than the first transaction, nor than the file of a place. A place that the server cannot read from shows nothing. The
// connection is of no other use afterwards.
func Probe(conn *client.Conn, mariaDB bool, set *gtid.Set, from position.Place, timeout time.Duration) (Sight, error) {
	if err := once(conn, mariaDB, set, from); err != nil {
		return Sight{}, err
	}
	return look(conn.Conn.Conn, set == nil, timeout)
}

// look reads what once has asked for, within one file or on into those behind it.
func look(conn net.Conn, within bool, timeout time.Duration) (Sight, error) {
	var sight Sight
	r := NewReader(conn, timeout, func() error { return nil })
	for end := time.Now().Add(timeout); time.Now().Before(end); {
		e, err := r.Next()
		why, refused := refusal.Of(err, false)
		switch {
		case refused && strings.Contains(strings.ToUpper(err.Error()), "GTID_MODE"):
			return sight, fmt.Errorf("%w: %w", ErrWithheld, err)
		case errors.Is(err, io.EOF), errors.Is(err, ErrDamaged):
			return sight, nil
		case refused && (why.Kind == refusal.Log || why.Kind == refusal.Place):
			return sight, nil // it shows nothing there
		case refused:
			return sight, sdk.Transient(fmt.Errorf("look into the server's binary log: %w: %s", err, why.Cure))
		case err != nil:
			return sight, err
		}
		if within && sight.Created != 0 && e.Type == replication.FORMAT_DESCRIPTION_EVENT {
			return sight, nil // of the next file
		}
		if done, err := sight.see(e); done || err != nil {
			return sight, err
		}
	}
	return sight, errSlow
}

// ErrWithheld is a transaction that is there and is not sent: one without a GTID
// where gtid_mode is ON, one that has a GTID where it is OFF, and any that is asked
// for by GTIDs where it is not ON. What was seen before it holds.
var ErrWithheld = errors.New("the server's gtid_mode keeps it from sending its log from there")

var errSlow = errors.New("the server does not find the place in its log in time")

// see takes an event, and says whether it opened the first transaction.
func (s *Sight) see(e *Event) (bool, error) {
	switch e.Type {
	case replication.ROTATE_EVENT:
		if len(e.Body) < 8 {
			return true, ErrDamaged
		}
		s.File = string(e.Body[8:])
		return false, nil
	case replication.FORMAT_DESCRIPTION_EVENT:
		s.Created = int64(e.Seconds)
		return false, nil
	case replication.GTID_EVENT, replication.GTID_TAGGED_LOG_EVENT, replication.ANONYMOUS_GTID_EVENT,
		replication.MARIADB_GTID_EVENT, replication.QUERY_EVENT:
		a, err := anchorOf(e)
		s.First = a
		return true, err
	}
	return false, nil
}

func anchorOf(e *Event) (*position.Anchor, error) {
	id, err := Identify(e)
	if err != nil {
		return nil, err
	}
	a := &position.Anchor{Pos: uint64(e.LogPos) - uint64(e.Size), Time: id.Time(e)}
	if e.Type == replication.GTID_EVENT || e.Type == replication.GTID_TAGGED_LOG_EVENT {
		a.ID = &id.ID
	}
	return a, nil
}
