package avro

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

var (
	// ErrShort means that bytes end within a value.
	ErrShort = errors.New("bytes end within a value")
	// ErrTrailing means that bytes are left behind a value.
	ErrTrailing = errors.New("bytes are left behind the value")
	// ErrBytes means that bytes are no value of their schema.
	ErrBytes = errors.New("not a value of its schema")
)

// Decode returns the value that b is the encoding of: all of b.
func (s *Schema) Decode(b []byte) (any, error) {
	d := &decoder{b: b}
	v := d.value(s)
	if d.err == nil && len(d.b) > 0 {
		d.err = fmt.Errorf("%w: %x", ErrTrailing, d.b)
	}
	if d.err != nil {
		return nil, fmt.Errorf("decode Avro: %w", d.err)
	}
	return v, nil
}

// decoder takes values from the front of b until the first error.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) value(s *Schema) any {
	switch s.kind {
	case "null":
		return nil
	case "boolean":
		return d.boolean()
	case "int", "long":
		return d.long()
	case "float":
		return float64(math.Float32frombits(uint32(d.fixed(4))))
	case "double":
		return math.Float64frombits(d.fixed(8))
	case "bytes":
		return d.take(d.long())
	case "string":
		return string(d.take(d.long()))
	case "fixed":
		return d.take(int64(s.size))
	}
	return d.compound(s)
}

func (d *decoder) compound(s *Schema) any {
	switch s.kind {
	case "enum":
		if i := d.index(len(s.symbols)); d.err == nil {
			return s.symbols[i]
		}
	case "union":
		if i := d.index(len(s.branches)); d.err == nil {
			return d.value(s.branches[i])
		}
	case "record":
		return d.record(s)
	case "array":
		out := []any{}
		d.blocks(func() { out = append(out, d.value(s.items)) })
		return out
	case "map":
		out := tree.Object{}
		d.blocks(func() { out = append(out, tree.Member{Name: string(d.take(d.long())), Value: d.value(s.items)}) })
		return out
	}
	return nil
}

func (d *decoder) record(s *Schema) any {
	out := make(tree.Object, 0, len(s.fields))
	for _, f := range s.fields {
		v := d.value(f.typ)
		if d.err != nil {
			d.err = fmt.Errorf("%s: %w", f.name, d.err)
			return nil
		}
		out = append(out, tree.Member{Name: f.name, Value: v})
	}
	return out
}

// blocks calls item for each item of an array or a map.
func (d *decoder) blocks(item func()) {
	for {
		n := d.long()
		if n < 0 {
			n = -n
			d.long() // the block's size in bytes
		}
		if n == 0 || d.err != nil {
			return
		}
		if n < 0 || n > int64(len(d.b)) { // no item is empty
			d.fail(ErrShort)
			return
		}
		for ; n > 0 && d.err == nil; n-- {
			item()
		}
	}
}

func (d *decoder) boolean() bool {
	b := d.take(1)
	if len(b) == 1 && b[0] > 1 {
		d.fail(ErrBytes)
	}
	return len(b) == 1 && b[0] == 1
}

func (d *decoder) index(n int) int64 {
	i := d.long()
	if i < 0 || i >= int64(n) {
		d.fail(fmt.Errorf("%w: choice %d of %d", ErrBytes, i, n))
	}
	return i
}

func (d *decoder) long() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail(ErrShort)
		return 0
	}
	d.b = d.b[n:]
	return v
}

// fixed reads n bytes, at most 8, as a little-endian number.
func (d *decoder) fixed(n int64) uint64 {
	var b [8]byte
	copy(b[:], d.take(n))
	return binary.LittleEndian.Uint64(b[:])
}

func (d *decoder) take(n int64) []byte {
	if n < 0 || n > int64(len(d.b)) {
		d.fail(ErrShort)
		return []byte{}
	}
	out := d.b[:n:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
		d.b = nil
	}
}
