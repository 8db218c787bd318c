package gtid

import (
	"encoding/binary"
	"errors"
)

// errBinary is returned for bytes that are not a set.
var errBinary = errors.New("not a set of GTIDs in MySQL's binary form")

// ParseBinary reads the form of AppendBinary, which is also that of a
// PREVIOUS_GTIDS event.
func ParseBinary(b []byte) (*Set, error) {
	r := reader{rest: b}
	n := r.uint64()
	tagged := n>>56 == 1
	if tagged {
		n = n << 8 >> 16
	}
	s := &Set{}
	for ; n > 0 && !r.bad; n-- {
		r.run(s, tagged)
	}
	if r.bad || len(r.rest) > 0 {
		return nil, errBinary
	}
	return s, nil
}

// reader takes fields off the front; the first that is not there makes bad true.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) run(s *Set, tagged bool) {
	var src Source
	copy(src.UUID[:], r.take(len(src.UUID)))
	if tagged {
		src.Tag = string(r.take(r.byte() >> 1))
	}
	for spans := r.uint64(); spans > 0 && !r.bad; spans-- {
		first, end := int64(r.uint64()), int64(r.uint64())
		if r.bad = r.bad || first < 1 || end <= first || len(src.Tag) > maxTag; !r.bad {
			s.runOf(src).add(span{first, end - 1})
		}
	}
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.rest, r.bad = nil, true
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) byte() int {
	if b := r.take(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}
