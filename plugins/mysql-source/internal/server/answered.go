package server

import (
	"errors"

	"github.com/go-mysql-org/go-mysql/mysql"
)

// Answered says whether an error is what the server has to say, or what cannot be
// read of that, so that asking again would give it again.
func Answered(err error) bool {
	if errors.Is(err, ErrUnread) || errors.Is(err, errRestore) {
		return true
	}
	var my *mysql.MyError
	if !errors.As(err, &my) {
		return false
	}
	switch my.Code {
	case mysql.ER_LOCK_WAIT_TIMEOUT, mysql.ER_LOCK_DEADLOCK, mysql.ER_CON_COUNT_ERROR,
		mysql.ER_SERVER_SHUTDOWN, mysql.ER_NORMAL_SHUTDOWN, mysql.ER_QUERY_INTERRUPTED, errKilled, errKilledMariaDB, errIdle,
		mysql.ER_NET_READ_ERROR, mysql.ER_NET_READ_INTERRUPTED, mysql.ER_NET_ERROR_ON_WRITE, mysql.ER_NET_WRITE_INTERRUPTED:
		return false
	}
	return true
}

// Errors that end a session, which the library has no names for.
const (
	errKilled        = 3169 // ER_SESSION_WAS_KILLED
	errKilledMariaDB = 1927 // ER_CONNECTION_KILLED
	errIdle          = 4031 // ER_CLIENT_INTERACTION_TIMEOUT
)
