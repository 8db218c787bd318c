// Package write serves the Storage Write API of the BigQuery stand-in over gRPC.
//
// It holds the rules of a connection (what a first request must carry, switching tables, sizes) and translates between
// the wire and the packages rows and warehouse. Arrow rows and default value expressions are refused.
//
// Start with Service; the life of a connection is in connection.go.
package write
