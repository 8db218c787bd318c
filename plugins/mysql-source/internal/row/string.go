package row

import "unicode/utf8"

// stringRaw writes characters of any character set as UTF-8. Bytes that are
// none in it become U+FFFD, as in Debezium.
func stringRaw(c *column, raw, dst []byte) ([]byte, error) {
	if c.decode == nil || c.asciiBased && isASCII(raw) {
		if c.padded {
			raw = trimSpaces(raw)
		}
		if c.decode != nil || utf8.Valid(raw) {
			return appendBytes(dst, raw), nil
		}
	}
	dst = begin(dst)
	start := len(dst)
	if c.decode != nil {
		dst = c.decode(dst, raw)
	} else {
		dst = appendValid(dst, raw)
	}
	if c.padded {
		dst = dst[:start+len(trimSpaces(dst[start:]))]
	}
	return end(dst, start), nil
}

func trimSpaces(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

func isASCII(b []byte) bool {
	for _, x := range b {
		if x >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendValid copies UTF-8 and replaces what is not.
func appendValid(dst, src []byte) []byte {
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		dst = utf8.AppendRune(dst, r)
		src = src[n:]
	}
	return dst
}
