package sdk

import "context"

// Transform turns batches into other batches.
type Transform interface {
	// Open connects. An error ends the plugin; it is tried again if it is Transient.
	Open(ctx context.Context) error
	// Transform writes what becomes of the records of in to out, in order. It is
	// called with one batch at a time; in is valid until it returns. It does not
	// return before it has succeeded or given up: an outage is waited for here.
	Transform(ctx context.Context, in *Batch, out *Output) error
	// Close lets go of all that Open took. It is called after the last Transform
	// has returned, and after a failed Open.
	Close(ctx context.Context) error
}
