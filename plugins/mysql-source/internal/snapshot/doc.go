// Package snapshot copies what captured tables hold, at one place of the log
// that is proved to be right: the stream that begins there has every later
// change and no earlier one.
//
// The place is read under a lock that keeps writers of captured tables out. It
// is held while the definitions are read, not while the rows are; those come
// from a transaction that was begun under the lock and sees nothing later.
//
// Start reading at Snapshot.Run, then lock.
package snapshot
