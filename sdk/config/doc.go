// Package config lets a configuration struct describe and check itself.
//
// A configuration is a struct whose defaults its author sets in a DefaultConfig
// function, and whose fields carry tags:
//
//	koanf:"key"       the key in YAML
//	doc:"…"           one or two sentences; every field has them
//	required:"true"   the key must be given
//	options:"a,b"     the values that are allowed
//	unit:"rows"       what a number counts, where the type does not say it
//
// A field is a string, bool, number, time.Duration, Size, Secret, Text, a type that
// reads itself from text, a struct, or a list or map of strings or structs. A
// struct nests; embedded fields are refused, so that keys and Go names stay alike.
//
// The host has expanded every reference before a plugin sees its configuration,
// and tells which values are those of files. DecodeFiles reads these anew, and a
// Secret or a Text does at each use, so that they can change while a plugin runs.
//
// Start reading at Describe, which tells what can be configured, and Decode,
// which checks what a user wrote and reports all faults at once.
package config
