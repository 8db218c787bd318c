package sdk

import "context"

// Snapshotter is a Source that can copy what existed before its stream begins.
type Snapshotter interface {
	// Snapshot writes the records that the sinks need which have no checkpoint,
	// and ends with a position for them. It is called between Open and Read if
	// there are such sinks; w is directed to them alone.
	//
	// Before its first record it writes where it begins, by State, Advance and
	// Flush: the host stores that before it reads on, so a copy that is broken off
	// and repeated knows since when rows may have changed.
	Snapshot(ctx context.Context, w *Writer) error
}
