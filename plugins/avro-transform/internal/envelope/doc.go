// Package envelope makes the bytes of Debezium's messages from changes whose rows
// are encoded already: it wraps them, by a plan that is compiled once for a row
// schema and holds every run of bytes that does not change.
//
// It knows the schemas only by their ids; package debezium has their text. Start
// reading at Plan.
package envelope
