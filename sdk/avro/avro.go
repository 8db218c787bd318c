// Package avro is the one place where leat meets the Avro library: a writer of
// Avro's binary form, and a reader for those who decode rows. Schemas are
// parsed elsewhere, as JSON.
package avro

import (
	"github.com/hamba/avro/v2"
)

// Writer appends values in Avro's binary form. Buffer returns what was written,
// Reset(nil) begins anew, and Write adds bytes that are encoded already.
type Writer = avro.Writer

// NewWriter returns a writer whose buffer has the given size at first.
func NewWriter(size int) *Writer { return avro.NewWriter(nil, size) }

// Reader reads values of Avro's binary form from a slice.
type Reader = avro.Reader

// NewReader reads from b.
func NewReader(b []byte) *Reader { return avro.NewReader(nil, 0).Reset(b) }
