// Package cure has what messages of several packages tell people to do, so that
// they tell all of it.
package cure

// NewSnapshot is what helps where what was read so far is of no use any more. A
// snapshot brings the rows that there are, and takes none away from a sink.
const NewSnapshot = "remove the checkpoint (leat checkpoint delete) so that a new snapshot is taken; empty sinks that keep rows before, or rows that were deleted meanwhile stay there"

// Behind is what helps where a place of the log cannot be read: to end what brought
// it about keeps it from coming again, and changes nothing of what is logged.
const Behind = "to go on behind what is in the log already, leave the table out with exclude.tables, or " + NewSnapshot
