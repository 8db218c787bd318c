// Package binlog asks a server for its binary log and takes the events apart as
// far as a stream of rows needs: headers, statements, identifiers, the tables
// that row events refer to, and how many rows those have. Nothing is boxed and
// little is copied: an Event is valid until the next one is read.
//
// It does not decode rows (package row does), nor does it know what follows
// from an event (package stream does).
//
// Start reading at Event, then Dump and Reader.
package binlog
