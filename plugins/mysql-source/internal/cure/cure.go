// Package cure has what messages of several packages tell people to do, so that
// they tell all of it.
package cure

// NewSnapshot is what helps where what was read so far is of no use any more. A
// snapshot brings the rows that there are, and takes none away from a sink.
const NewSnapshot = "remove the checkpoint (leat checkpoint delete) so that a new snapshot is taken; empty sinks that keep rows before, or rows that were deleted meanwhile stay there"
