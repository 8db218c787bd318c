package transaction

import (
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// Kind says what an event means for the course of transactions.
type Kind uint8

// The kinds of event.
const (
	// Rotate begins a log file, at Event.Place.
	Rotate Kind = iota + 1
	// Restart is a description of the log's format inside a file: the server
	// was started anew, and what it had not finished it never will.
	Restart
	// GTID opens a group of events that has an identifier, Anonymous one without.
	GTID
	Anonymous
	// Begin opens a transaction of several statements.
	Begin
	// BeginXA does so for one that is prepared before it is committed.
	BeginXA
	// Rows are changes of rows, Event.Rows of them.
	Rows
	// Statement is any other statement; outside a transaction it is a group of its own.
	Statement
	// Commit and Prepare end the transaction.
	Commit
	Prepare
	// Rollback ends it and makes rows void, RollbackTo makes some of them void.
	Rollback
	RollbackTo
	// Heartbeat says that the server has sent everything up to Event.Place.
	Heartbeat
	// Reconnect is the end of a connection: the next one begins at Machine.Resume.
	Reconnect
)

var kinds = [...]string{"", "rotate", "restart", "gtid", "anonymous", "begin", "begin-xa", "rows", "statement", "commit", "prepare", "rollback", "rollback-to", "heartbeat", "reconnect"}

// String returns the kind's name in transcripts.
func (k Kind) String() string {
	if int(k) >= len(kinds) {
		return fmt.Sprintf("kind %d", int(k))
	}
	return kinds[k]
}

// Event is one event of the log, or of the connection to it.
type Event struct {
	Kind Kind
	// Place that Rotate and Heartbeat tell.
	Place position.Place
	// Start and End of the event in the current file.
	Start, End uint64
	// ID of the group that GTID opens.
	ID gtid.GTID
	// Time of the group that the event opens, in microseconds since 1970.
	Time int64
	// Rows of the event, those that nobody captures as well.
	Rows uint64
	// Captured says that a captured table is concerned.
	Captured bool
}

// Effect is what follows from an event.
type Effect uint8

// The effects.
const (
	// None means to go on.
	None Effect = iota
	// Opened means that a group has begun: Need and Base tell of it.
	Opened
	// Closed means that a group is done and Base has moved behind it.
	Closed
	// Moved means that Base has moved without a group.
	Moved
)

var effects = [...]string{"none", "opened", "closed", "moved"}

// String returns the effect's name in transcripts.
func (e Effect) String() string { return effects[e] }
