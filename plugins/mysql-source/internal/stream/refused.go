package stream

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/sdk"
)

// errTwin is a connection that the server has ended in favour of another reader.
var errTwin = errors.New("another replica or pipeline reads this server with the same server_id")

// errSameID is ER_SLAVE_SAME_ID, which MariaDB has for that; MySQL has error 1236.
const errSameID = 4052

const twinCure = "stop the other reader, or give each of them a server_id of its own (key server_id of mysql-source); the same pipeline may run on one host only"

// refusedError is error 1236: the server does not send its log, for a reason that
// goes away once it is mended there.
type refusedError struct{ error }

func (e refusedError) Unwrap() error { return e.error }

// refusal is a reason for error 1236, told by words of its message. The number
// alone tells nothing; a message has source and replica for master and slave, and
// is in lower case.
type refusal struct {
	words string
	cure  string
	// waits is for what a statement on the server mends, after which it sends on.
	waits bool
}

// log that is damaged at the place that comes next.
const damagedCure = "mend what the server complains of (look into its error log and at its disk) and start again; with GTIDs the source may as well be pointed at a replica of that server, whose log has the same transactions; only where that part of the log is lost, " + cure.NewSnapshot

// refusals are those of MySQL (rpl_binlog_sender.cc) and MariaDB (sql_repl.cc)
// that have a cure of their own. What is purged, cut or reset is found by its
// history when the log is judged at the next connection.
var refusals = []refusal{
	{"max_allowed_packet", "a single event of the log is larger than max_allowed_packet of the server: SET GLOBAL max_allowed_packet=1073741824 there; nothing is lost, and the source reads on then", true},
	{"misconfigured source", "SET GLOBAL server_id to a number of its own there", true},
	{"server id was not set", "SET GLOBAL server_id to a number of its own there", true},
	{"checksum that source is configured", "SET GLOBAL binlog_checksum=CRC32 or NONE there", true},
	{"memory allocation failed", "the server is short of memory: give it more; the source tries again", true},
	{"anonymous transaction when @@global.gtid_mode", "transactions without GTIDs are still to be read: SET GLOBAL gtid_mode=ON_PERMISSIVE there until that is done, which is when checkpoints have GTIDs, and ON then; nothing is lost, and the source reads on", true},
	{"cannot replicate gtid-transaction", "transactions with GTIDs are still to be read: SET GLOBAL gtid_mode=OFF_PERMISSIVE there until that is done; nothing is lost, and the source reads on", true},
	{"anonymous transaction", "the log of this server has transactions without GTIDs in the file that comes next, from before its gtid_mode was ON: point the source at the server that it read before until this one has begun a new file (FLUSH BINARY LOGS) and that has been read, or " + cure.NewSnapshot, false},
	{"auto_position mode", "SET GLOBAL gtid_mode=ON there (step by step, as the manual says), or point the source at the server that it read before", true},
	{"binary log is not open", "start the server with log_bin", false},
	{"could not find next log", "a file that the server's index of the log names next is gone: restore it, or, if it was deleted by hand, " + cure.NewSnapshot, false},
	{"truncated in the middle", "a file of the log ends within a transaction, as after a crash or with a full disk: make room, and restart the server, which mends its last file; " + damagedCure, false},
}

// unsent is the error for a log that the server cannot send. What stands behind
// it, such as a reset or a purge, is found when it is judged at the next connection;
// only what comes again before a further transaction is read is for good.
func (s *Stream) unsent(my *mysql.MyError) error {
	text := strings.NewReplacer("master", "source", "slave", "replica").Replace(strings.ToLower(my.Message))
	if strings.Contains(text, "replica with the same server_") {
		return lostError{fmt.Errorf("%w: %s: %s", errTwin, twinCure, my.Message)}
	}
	if byGTIDAlone(text) && s.machine.ByFile() {
		s.Logger.Warn("the server does not send its log by GTID any more: going on by file and offset", "position", string(s.machine.Position().Base()), "reason", my.Message)
		return lostError{errors.New(my.Message)}
	}
	r := refusalOf(text)
	err := fmt.Errorf("the server cannot send its binary log from %s: %s: %s", s.machine.Position().Base(), my.Message, r.cure)
	from := done(s.machine.Resume())
	if r.waits || s.refused != from {
		s.refused = from
		return lostError{refusedError{err}}
	}
	return sdk.Permanent(err)
}

func refusalOf(text string) refusal {
	for _, r := range refusals {
		if strings.Contains(text, r.words) {
			return r
		}
	}
	return refusal{cure: damagedCure}
}

// byGTIDAlone says whether a server refuses because it is asked by GTIDs, while
// gtid_mode is not ON or was not when the log was written.
func byGTIDAlone(text string) bool {
	return strings.Contains(text, "auto_position")
}

// done is what a connection that begins at a position does not send again.
func done(p position.Position) string {
	if p.GTID != nil {
		return p.GTID.String()
	}
	return p.String()
}
