// Package row walks through a row's Avro bytes by a compiled shape: to prove that
// they are a row of their schema before they are copied into a message, and to
// print a key as the text that Kafka Connect puts into a header.
//
// Start reading at Shape.
package row
