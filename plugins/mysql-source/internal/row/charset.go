package row

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// decoder appends bytes of a character set as UTF-8. It has no state, so many
// goroutines may use it.
type decoder func(dst, src []byte) []byte

// charsetDecoder finds the decoder of a character set, nil for UTF-8, and
// whether bytes below 0x80 are ASCII wherever all bytes are below 0x80.
func charsetDecoder(name string) (d decoder, asciiBased bool, err error) {
	name = table.CharsetName(name)
	if upper, ok := byteCharsets[name]; ok {
		return byteDecoder(upper), true, nil
	}
	switch name {
	case "utf8mb4", "utf8mb3":
		return nil, true, nil
	case "ascii":
		return byteDecoder(""), true, nil
	case "swe7":
		return swedish, false, nil
	case "ucs2":
		return ucs2, false, nil
	case "utf16":
		return utf16BE, false, nil
	case "utf16le":
		return utf16LE, false, nil
	case "utf32":
		return utf32, false, nil
	}
	if m, ok := multibyteCharset(name); ok {
		return m.decode, true, nil
	}
	return nil, false, fmt.Errorf("character set %s is not supported; exclude the column, or convert it to utf8mb4", name)
}

// byteDecoder maps each byte from 0x80 on to a character.
func byteDecoder(upper string) decoder {
	var runes [utf8.RuneSelf]rune
	for i := range runes {
		runes[i] = utf8.RuneError
	}
	copy(runes[:], []rune(upper))
	return func(dst, src []byte) []byte {
		for _, b := range src {
			if b < utf8.RuneSelf {
				dst = append(dst, b)
			} else {
				dst = utf8.AppendRune(dst, runes[b-utf8.RuneSelf])
			}
		}
		return dst
	}
}

// swedish is ASCII of seven bits with letters in place of some signs.
func swedish(dst, src []byte) []byte {
	for _, b := range src {
		r := rune(b)
		switch {
		case b > '~':
			r = utf8.RuneError
		case b >= '{':
			r = [...]rune{'ä', 'ö', 'å', 'ü'}[b-'{']
		case b >= '[' && b <= '^':
			r = [...]rune{'Ä', 'Ö', 'Å', 'Ü'}[b-'[']
		case b == '@':
			r = 'É'
		case b == '`':
			r = 'é'
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

func ucs2(dst, src []byte) []byte {
	for ; len(src) >= 2; src = src[2:] {
		dst = utf8.AppendRune(dst, rune(src[0])<<8|rune(src[1]))
	}
	return appendRest(dst, src)
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
