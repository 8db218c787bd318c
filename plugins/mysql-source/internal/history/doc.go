// Package history proves that a server's log is the one that a position was read
// from, before a row of it is taken.
//
// Names of log files and numbers of transactions come again after a reset of the
// log, so neither shows that: what was read before could be passed over as if it
// were known. A position has therefore the time at which its file was begun, and
// an anchor: a transaction before it, with the time of its commit.
//
// Where transactions are taken that were left out before, it also proves that they
// stand behind all that was taken.
//
// Judge and Order are pure. Start reading there; Server is what asks a real one.
package history
