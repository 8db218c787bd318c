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
	case mysql.ER_SERVER_SHUTDOWN, mysql.ER_QUERY_INTERRUPTED, mysql.ER_LOCK_WAIT_TIMEOUT, mysql.ER_LOCK_DEADLOCK, mysql.ER_CON_COUNT_ERROR:
		return false
	}
	return true
}
