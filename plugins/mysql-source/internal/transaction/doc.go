// Package transaction follows a binary log from one transaction to the next: it
// says where a stream resumes, which sinks still need which rows, and when a
// group of events must not be taken as it stands.
//
// Machine is pure: it neither reads events nor writes records, holds no clock,
// and is tested by the transcripts in testdata. It does not know tables.
//
// Start reading at Event, then Machine.Step.
package transaction
