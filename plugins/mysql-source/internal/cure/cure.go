// Package cure has what messages of several packages tell people to do, so that
// they tell all of it.
package cure

// NewSnapshot is what helps where what was read so far is of no use any more. A
// snapshot brings the rows that there are, and takes none away from a sink.
const NewSnapshot = "remove the checkpoint (leat checkpoint delete) so that a new snapshot is taken; empty sinks that keep rows before, or rows that were deleted meanwhile stay there"

// SinkSnapshot is the same for one sink that keeps rows. A snapshot is of all captured
// tables, and what was deleted between the checkpoint and it is in none.
const SinkSnapshot = "stop the pipeline, empty all of the sink's tables, and remove the sink's checkpoint (leat checkpoint delete FILE SINK): the next snapshot copies all captured tables"

// Behind is what helps where a place of the log cannot be read: to end what brought
// it about keeps it from coming again, and changes nothing of what is logged.
const Behind = "to go on behind what is in the log already, leave the table out with exclude.tables, or " + NewSnapshot

// Definition is what helps where rows do not fit the definition that is followed, which
// only a log without the names of columns leaves unnoticed.
const Definition = "the definition in use is not the one the row was written with: set binlog_row_metadata=FULL on the server, so that its log tells from then on; " + Behind
