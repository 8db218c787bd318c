// Package debezium writes the Avro schemas of the Key, Value and Envelope records
// that Debezium's MySQL connector has for a table in its default modes, character
// by character as Confluent's AvroData and Avro's Java library print them: a
// registry that compares texts finds them equal.
//
// It makes text only; package envelope makes the bytes that fit it. Start reading
// at Table.
package debezium
