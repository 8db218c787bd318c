package sdk

// Op says what happened to a row.
type Op byte

// The operations, by Debezium's letters.
const (
	Create   Op = 'c'
	Update   Op = 'u'
	Delete   Op = 'd'
	Read     Op = 'r' // found by a snapshot
	Truncate Op = 't' // of the whole table: no key, no rows
)

// Origin is where and when a transaction happened. It is written once and holds
// for the changes that follow.
type Origin struct {
	// Time of the commit in microseconds since 1970.
	Time int64
	// Transaction is its id in the source: a GTID. Empty if it has none.
	Transaction string
	// Log is the name of the log file.
	Log string
	// Epoch and LogNumber come before a change's Offset and Row in the order of
	// changes. The epoch rises when log numbers of before cannot be compared.
	Epoch     uint64
	LogNumber uint64
	// Server that executed the transaction first.
	Server uint32
	// Thread that executed it; 0 if not known.
	Thread uint64
	// Query is the statement, if the source records it.
	Query string
}

// Snapshot marks a change that was read by a snapshot.
type Snapshot byte

// The marks of a snapshot's records.
const (
	NotSnapshot Snapshot = iota
	SnapshotTrue
	SnapshotFirst
	SnapshotFirstInTable
	SnapshotLastInTable
	SnapshotLast
	SnapshotIncremental
)

// Change is what happened to one row.
type Change struct {
	Op       Op
	Snapshot Snapshot
	// Schema is the RowSchema of the rows, announced before.
	Schema SchemaID
	// Offset of the event in the log, and Row within the event.
	Offset uint64
	Row    uint32
	// Key of the row after the change (before it, for a delete); nil if the table
	// has none. OldKey is set where an update changed the key.
	Key, OldKey []byte
	// Before and After are the rows, nil where there is none.
	Before, After []byte
	// StateOnly says that only sinks which keep the rows of a table need the
	// change; a log of changes, such as a topic, leaves it out. What a transform
	// makes of the change is marked likewise.
	StateOnly bool
	// Origin is set when a change is read; it is valid as long as the batch.
	Origin *Origin
}
