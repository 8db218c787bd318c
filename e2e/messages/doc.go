// Command messages writes docs/messages.md: every message that a user of leat may
// meet, with its kind, what it means and what to do about it.
//
// The messages are read from the code: errors and the cures at their ends, findings
// of leat validate, notices, what a plugin waits for, warnings and errors of the
// log. What they mean is in docs/messages/*.yaml, a file a component. A message
// without an entry there, or an entry without a message, is an error, so that the
// table can't be out of date.
//
// Start reading at main, then at scanner. The ways to make a message that are known
// stand in shapes_test.go.
package main
