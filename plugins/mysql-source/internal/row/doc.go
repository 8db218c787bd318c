// Package row turns rows of MySQL into Avro, straight from the server's bytes:
// row images of the binlog and text rows of a SELECT give the same bytes for
// the same row. What to do for each column is decided once per table
// definition, so that a value costs neither a box nor an allocation.
//
// Values are encoded as Debezium's envelope carries them in its default modes
// (decimals precise, BIGINT UNSIGNED as long, times adaptive in microseconds,
// binary as bytes), so that a transform only copies. Where Debezium's stream
// and snapshot disagree, or lose a value, the type's own file says which value
// is kept.
//
// It does not read definitions (see packages ddl and table), nor talk to a
// server. Start reading at Compile, then kindOf, then Image.Decode.
package row
