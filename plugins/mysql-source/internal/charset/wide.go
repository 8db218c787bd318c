package charset

import (
	"unicode/utf16"
	"unicode/utf8"
)

// wideCharset finds a character set of two or four bytes a character.
func wideCharset(name string) (*Charset, bool) {
	c := &Charset{Name: name}
	switch name {
	case "ucs2":
		c.decode, c.encode = ucs2, encodeUCS2
	case "utf16":
		c.decode, c.encode = utf16BE, func(r rune) ([]byte, bool) { return encodeUTF16(r, 8, 0), r != utf8.RuneError }
	case "utf16le":
		c.decode, c.encode = utf16LE, func(r rune) ([]byte, bool) { return encodeUTF16(r, 0, 8), r != utf8.RuneError }
	case "utf32":
		c.decode, c.encode = utf32, func(r rune) ([]byte, bool) {
			return []byte{0, byte(r >> 16), byte(r >> 8), byte(r)}, r != utf8.RuneError
		}
	default:
		return nil, false
	}
	return c, true
}

func ucs2(dst, src []byte) []byte {
	for ; len(src) >= 2; src = src[2:] {
		dst = utf8.AppendRune(dst, rune(src[0])<<8|rune(src[1]))
	}
	return appendRest(dst, src)
}

func encodeUCS2(r rune) ([]byte, bool) {
	return []byte{byte(r >> 8), byte(r)}, r <= 0xffff && r != utf8.RuneError
}

func utf16BE(dst, src []byte) []byte { return decodeUTF16(dst, src, 0, 1) }

func utf16LE(dst, src []byte) []byte { return decodeUTF16(dst, src, 1, 0) }

// decodeUTF16 takes the places of the high and the low byte of a unit.
func decodeUTF16(dst, src []byte, high, low int) []byte {
	for len(src) >= 2 {
		r := rune(src[high])<<8 | rune(src[low])
		src = src[2:]
		if utf16.IsSurrogate(r) && len(src) >= 2 {
			if pair := utf16.DecodeRune(r, rune(src[high])<<8|rune(src[low])); pair != utf8.RuneError {
				r, src = pair, src[2:]
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return appendRest(dst, src)
}

// encodeUTF16 takes how far the first and the second byte of a unit are shifted.
func encodeUTF16(r rune, first, second int) []byte {
	var out []byte
	for _, u := range utf16.AppendRune(nil, r) {
		out = append(out, byte(u>>first), byte(u>>second))
	}
	return out
}

func utf32(dst, src []byte) []byte {
	for ; len(src) >= 4; src = src[4:] {
		dst = utf8.AppendRune(dst, rune(bigEndian(src[:4])))
	}
	return appendRest(dst, src)
}

// appendRest marks an incomplete character at the end.
func appendRest(dst, src []byte) []byte {
	if len(src) > 0 {
		dst = utf8.AppendRune(dst, utf8.RuneError)
	}
	return dst
}

// bigEndian reads up to four bytes.
func bigEndian(b []byte) (v uint32) {
	for _, x := range b {
		v = v<<8 | uint32(x)
	}
	return v
}
