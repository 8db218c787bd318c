// Package table models the definition of a MySQL or MariaDB table as far as
// it decides how a row is read, keyed and described: columns, indexes,
// character sets and defaults. It also proves that a definition fits a
// TABLE_MAP event before any row is decoded with it.
//
// It does not read SQL (see package ddl) and does not talk to a server.
// Start reading at Table, then Column, then Check.
package table
