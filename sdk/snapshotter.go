package sdk

import "context"

// Snapshotter is a Source that can copy what existed before its stream begins.
type Snapshotter interface {
	// Snapshot writes the records that the sinks need which have no checkpoint,
	// and ends with a position for them. It is called between Open and Read if
	// there are such sinks; w is directed to them alone.
	Snapshot(ctx context.Context, w *Writer) error
}
