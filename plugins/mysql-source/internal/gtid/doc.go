// Package gtid holds MySQL's global transaction identifiers and sets of them,
// tags of 8.3 and later included.
//
// A Set grows by one transaction at a time and is written as text after each,
// so both are cheap: only the end of the interval that grew is rendered anew.
// MariaDB's identifiers are another notation and not read here.
//
// Start reading at GTID, then Set.
package gtid
