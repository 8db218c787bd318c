// Package refusal tells the reasons apart for which a server does not send its
// log. All of them are error 1236, so that only the words of its message tell.
//
// It is pure. Start reading at Of.
package refusal

import (
	"errors"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
)

// Kind says what stands behind a refusal.
type Kind uint8

// The kinds.
const (
	// Log is a log that is damaged, cut, or has a hole.
	Log Kind = iota + 1
	// Place is a place that the log does not have.
	Place
	// Setting is one that is mended on the server, which sends on then.
	Setting
	// Twin is another reader with the same number.
	Twin
	// Mode is a gtid_mode that does not allow to be asked by GTIDs.
	Mode
)

// Refusal is a reason and what is to be done about it.
type Refusal struct {
	Kind Kind
	Cure string
	// words of the message, in lower case and with source and replica for master
	// and slave.
	words string
}

// DamagedCure is what helps where a part of the log cannot be read.
const DamagedCure = "look into the server's error log and at its disk, mend what is wrong there, and start again; with GTIDs the source may as well be pointed at a replica of that server, whose log has the same transactions; only where that part of the log is lost, " + cure.NewSnapshot

// TwinCure is what helps two readers of one number.
const TwinCure = "stop the other reader, or give each of them a server_id of its own (key server_id of mysql-source); the same pipeline may run on one host only"

// refusals are those of MySQL (rpl_binlog_sender.cc) and MariaDB (sql_repl.cc). The
// first that fits counts.
var refusals = []Refusal{
	{Twin, TwinCure, "replica with the same server_"},
	{Setting, "transactions without GTIDs are still to be read: SET GLOBAL gtid_mode=ON_PERMISSIVE and FLUSH BINARY LOGS there, and ON again once the positions at /status are in the new log file; nothing is lost, and the source reads on", "anonymous transaction when @@global.gtid_mode"},
	{Setting, "transactions with GTIDs are still to be read: SET GLOBAL gtid_mode=OFF_PERMISSIVE there until that is done; nothing is lost, and the source reads on", "cannot replicate gtid-transaction"},
	{Mode, "the log of this server has transactions without GTIDs in the file that comes next, from before its gtid_mode was ON: point the source at the server that it read before until this one has begun a new file (FLUSH BINARY LOGS) and that has been read, or " + cure.NewSnapshot, "anonymous transaction when auto_position"},
	{Mode, "SET GLOBAL gtid_mode=ON there (step by step, as the manual says), or point the source at the server that it read before", "auto_position mode"},
	{Setting, "SET GLOBAL server_id to a number of its own there", "misconfigured source"},
	{Setting, "SET GLOBAL server_id to a number of its own there", "server id was not set"},
	{Setting, "SET GLOBAL binlog_checksum=CRC32 or NONE there", "checksum that source is configured"},
	{Setting, "the server is short of memory: give it more; the source tries again", "memory allocation failed"},
	{Setting, "start the server with log_bin", "binary log is not open"},
	{Place, DamagedCure, "position > file size"},
	{Place, DamagedCure, "impossible position"},
	{Place, DamagedCure, "could not find first log"},
	{Place, DamagedCure, "purged required"},
	{Place, DamagedCure, "more gtids than the source"},
	{Place, DamagedCure, "old binary log without gtids"},
	{Log, "a file that the server's index of the log names next is gone: restore it, or, if it was deleted by hand, " + cure.NewSnapshot, "could not find next log"},
	{Log, "a file of the log ends within a transaction, as after a crash or with a full disk: make room, and restart the server, which mends its last file; " + DamagedCure, "truncated in the middle"},
}

// tooLarge is the cure where a server keeps to max_allowed_packet in sending its
// log, as those before MySQL 5.7 do. Later ones send events of up to 1 GiB, so that
// what is too large for them has a damaged size.
const tooLarge = "a single event of the log is larger than max_allowed_packet of the server: SET GLOBAL max_allowed_packet=1073741824 there; nothing is lost, and the source reads on then"

// sameID is ER_SLAVE_SAME_ID, which MariaDB has for a Twin.
const sameID = 4052

// Of returns the reason, if an error is the server's refusal to send its log.
// limited says that the server keeps to max_allowed_packet, and that it is not at
// its most.
func Of(err error, limited bool) (Refusal, bool) {
	var my *mysql.MyError
	if !errors.As(err, &my) || my.Code != mysql.ER_MASTER_FATAL_ERROR_READING_BINLOG && my.Code != sameID {
		return Refusal{}, false
	}
	text := strings.NewReplacer("master", "source", "slave", "replica").Replace(strings.ToLower(my.Message))
	if limited && strings.Contains(text, "exceeded max_allowed_packet") {
		return Refusal{Kind: Setting, Cure: tooLarge}, true
	}
	for _, r := range refusals {
		if strings.Contains(text, r.words) {
			return r, true
		}
	}
	return Refusal{Kind: Log, Cure: DamagedCure}, true
}
