// Package monitor asks the server, beside the reading of its log, what it has that
// was not read, and how long it keeps what the sinks still need.
//
// It has a connection and a goroutine of its own, so that it goes on while the
// reader is held up because no sink takes anything: that is when both matter. It
// asks every few seconds for what costs nothing, and for the list of log files as
// rarely as that is slow.
//
// Start reading at Monitor; behind.go and keep.go have the two questions, and
// package retention the rules.
package monitor
