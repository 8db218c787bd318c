package sdk

import "context"

// TransactionalSink is a Sink that stores checkpoints atomically with its
// records, so that a record is neither lost nor written twice. The state
// changes that belong to a batch stand in Batch.State, its position in
// Batch.Position. Where the configuration decides whether a sink is transactional,
// its constructor returns Sink and makes a value of one type or the other.
type TransactionalSink interface {
	// Checkpoint returns the last checkpoint that was stored, nil if there is
	// none. It is called once, after Open.
	Checkpoint(ctx context.Context) (*Checkpoint, error)
}
