// Package warehouse is the state of the BigQuery stand-in: datasets, tables, write streams and the rows in them.
//
// It is a plain state machine. Every method takes what it needs, the time included, and returns the outcome; there is
// no goroutine, no clock, no network and no wire format of either API here, so each rule of the service can be tested
// alone. Guard is the one lock through which the transports reach it.
//
// Start with Warehouse, then Table, then Table.Append.
package warehouse
