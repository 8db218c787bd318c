// Package position has the notation of a place in a server's binary log: JSON
// that a person can read in a checkpoint, such as
//
//	{"server":"3e11fa47-…","gtid":"3e11fa47-…:1-77","file":"binlog.000003","pos":990}
//
// A Writer renders one for each transaction, so it keeps what stays the same.
// How transactions follow each other is package transaction's matter.
//
// Start reading at Position, then Writer.
package position
