// Package lane carries rows to tables, a lane a table: it encodes what waits,
// appends it to the table's default stream, and tries again what fails.
//
// A table has one stream. Where the form of rows changes, those of the form before
// are acknowledged first.
//
// A lane sends in order and has several requests on their way. When one is tried
// again it may arrive behind a later one; BigQuery then goes by the sequence
// numbers, so that the row of a key never falls back. Start reading at Lane.
package lane
