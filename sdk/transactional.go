package sdk

import "context"

// TransactionalSink is a Sink that stores checkpoints atomically with its
// records, so that a record is neither lost nor written twice. The state
// changes that belong to a batch stand in Batch.State, its position in
// Batch.Position.
type TransactionalSink interface {
	// Checkpoint returns the last checkpoint that was stored, nil if there is
	// none. It is called once, after Open.
	Checkpoint(ctx context.Context) (*Checkpoint, error)
}
