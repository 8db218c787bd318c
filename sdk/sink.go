package sdk

import "context"

// Sink writes records to a system.
type Sink interface {
	// Open connects. An error ends the plugin; it is tried again if it is Transient.
	Open(ctx context.Context) error
	// Write takes the next batch and calls done exactly once, from any goroutine:
	// with nil when every record of the batch is durable, else with the error.
	// Write may return before that, and is then called with the next batch; it
	// blocks to hold the host back. The batch is valid until done is called.
	// Records of one key must become visible in the order in which they came.
	Write(ctx context.Context, b *Batch, done func(error))
	// Close finishes all batches taken, or gives up on them when ctx ends, and
	// lets go of all that Open took. It is called after the last Write has
	// returned, and after a failed Open.
	Close(ctx context.Context) error
}
