package history

import (
	"errors"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
)

// Why a log is not read on.
var (
	// ErrAnother is a log that is not the one that was read: rows of it could be
	// taken for ones that were read before.
	ErrAnother = errors.New("another history answers: the server's log was reset, cut or made anew since it was read")
	// ErrPurged is a log that lacks what comes next.
	ErrPurged = errors.New("the server has purged from its binary log what was not read yet")
	// ErrOtherServer is a file and an offset on a server that they do not belong to.
	ErrOtherServer = errors.New("without GTIDs a position holds for one server only")
	// ErrBehind is a server that may yet receive what was read elsewhere.
	ErrBehind = errors.New("the server has not executed transactions that were read before")
	// ErrOvertaken are transactions that would be sent behind newer ones.
	ErrOvertaken = errors.New("gtid.include and gtid.exclude take what they left out before, and the log has it before what was taken: older rows would be sent behind newer ones")
)

// Cure says what a user does about one of these errors, empty for any other.
func Cure(err error) string {
	switch {
	case errors.Is(err, ErrAnother):
		return "point the source at a server that still has the old history, or " + cure.NewSnapshot
	case errors.Is(err, ErrPurged):
		return "point the source at a server that still has it, or " + cure.NewSnapshot + "; keep logs longer in future (binlog_expire_logs_seconds)"
	case errors.Is(err, ErrOtherServer):
		return "point the source at that server, or " + cure.NewSnapshot
	case errors.Is(err, ErrBehind):
		return "a replica catches up by itself, and the source waits for it; if these transactions were lost with a server that failed, or its log was reset, " + cure.NewSnapshot
	case errors.Is(err, ErrOvertaken):
		return "go on leaving these servers out, or to have what they wrote, " + cure.NewSnapshot
	}
	return ""
}
