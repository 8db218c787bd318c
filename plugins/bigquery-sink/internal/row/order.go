package row

import "strconv"

// sequenceSize is the most bytes of a sequence number: four sections of sixteen
// hexadecimal digits.
const sequenceSize = 4*16 + 3

// appendSequence adds a _CHANGE_SEQUENCE_NUMBER that compares as order does.
func appendSequence(out []byte, order *[4]uint64) []byte {
	for i, n := range order {
		if i > 0 {
			out = append(out, '/')
		}
		out = strconv.AppendUint(out, n, 16)
	}
	return out
}

// appendSortable adds the same with leading zeros, so that text sorts as order does.
func appendSortable(out []byte, order *[4]uint64) []byte {
	const hex = "0123456789abcdef"
	for i, n := range order {
		if i > 0 {
			out = append(out, '/')
		}
		for shift := 60; shift >= 0; shift -= 4 {
			out = append(out, hex[n>>shift&15])
		}
	}
	return out
}
