package binlog

import (
	"net"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// Begun returns when a file of the log was begun, in whole seconds, by its first
// event; beside any dump that goes on. The connection is of no other use afterwards.
func Begun(conn *client.Conn, mariaDB bool, file string, timeout time.Duration) (time.Time, error) {
	if err := once(conn, mariaDB, nil, position.Place{File: file, Pos: firstEvent}); err != nil {
		return time.Time{}, err
	}
	return begun(conn.Conn.Conn, timeout)
}

func begun(conn net.Conn, timeout time.Duration) (time.Time, error) {
	r := NewReader(conn, timeout, func() error { return nil })
	for end := time.Now().Add(timeout); time.Now().Before(end); {
		e, err := r.Next()
		if err != nil {
			return time.Time{}, err
		}
		if e.Type == replication.FORMAT_DESCRIPTION_EVENT {
			return time.Unix(int64(e.Seconds), 0), nil
		}
	}
	return time.Time{}, errSlow
}
