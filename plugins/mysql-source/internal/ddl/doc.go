// Package ddl reads the statements in a binlog that change what tables look
// like, and keeps a catalog of definitions up to date with them.
//
// It is a tolerant reader, not a grammar: a lexer, and a recursive descent
// through the parts that decide columns and keys. All else (expressions,
// partitions, engine options) is skipped by balanced brackets. What it cannot
// place is an error with its position, never a guess. Text is in the character
// set of the session, of which Mode has all that decides.
//
// Start reading at Parse, then the Statement types, then Catalog.Apply.
package ddl
