package row

// binaryRaw restores the zero bytes that the binlog leaves off at the end of a
// BINARY(n).
func binaryRaw(c *column, raw, dst []byte) ([]byte, error) {
	n := max(c.length, len(raw))
	dst = append(appendLong(dst, int64(n)), raw...)
	for range n - len(raw) {
		dst = append(dst, 0)
	}
	return dst, nil
}

func bytesRaw(_ *column, raw, dst []byte) ([]byte, error) { return appendBytes(dst, raw), nil }
