// Package stream turns a server's binary log into changes: it reads events,
// asks package transaction what they mean for positions, package definitions
// what tables look like, and package row for the rows' bytes, and writes the
// result.
//
// It fails closed: an event, a statement or a table that it cannot account for
// ends it with an error that says what to do, and the position stays before it.
//
// Start reading at Stream.Run, then Stream.handle, the switch over all events.
package stream
