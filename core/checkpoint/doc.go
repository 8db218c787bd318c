// Package checkpoint stores the checkpoints of a pipeline's sinks: durably, all in
// one step, and so that damage is noticed. What it believes of a file it has
// proved by checksums. It does not understand positions or state, and never
// chooses another checkpoint than the newest, but for the one directly before it.
//
// README.md states the crash model, the bytes and the limits. Start reading at
// Store; read.go decides what a file says.
package checkpoint
