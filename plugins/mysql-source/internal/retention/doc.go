// Package retention works out how long a server keeps the log that a sink still
// needs.
//
// A server deletes whole files, the oldest first, once the last write to a file is
// longer ago than it is told to keep them, or once all files together are larger
// than it is told. Nobody can ask when a file was last written, but the next one
// was begun then. MySQL looks at its files when it begins a new one, flushes its
// log or starts, so a file that is too old may go at any moment.
//
// What a managed service deletes by rules of its own cannot be asked for either.
// Observer learns it from the files that go.
//
// All is pure. Start reading at Log.Left.
package retention
