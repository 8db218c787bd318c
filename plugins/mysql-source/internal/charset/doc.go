// Package charset converts between UTF-8 and the character sets of MySQL and
// MariaDB, by the server's own tables where they differ from everyone else's:
// column data and statements are read by the same ones.
//
// It neither compares nor sorts, and knows no collations.
//
// Start reading at Lookup, then Charset.
package charset
