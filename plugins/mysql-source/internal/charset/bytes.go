package charset

import "unicode/utf8"

// spaces has the byte beyond ASCII that the server's lexer takes for a space.
var spaces = map[string]byte{
	"armscii8": 0xa0, "cp1250": 0xa0, "cp852": 0xff, "cp866": 0xff, "dec8": 0xa0, "geostd8": 0xa0, "greek": 0xa0,
	"hebrew": 0xa0, "keybcs2": 0xff, "latin1": 0xa0, "latin2": 0xa0, "latin5": 0xa0, "latin7": 0xa0,
}

// ofBytes makes a character set of one byte a character.
func ofBytes(name string, d decoder) *Charset {
	encode := func(r rune) ([]byte, bool) {
		for i := range 256 {
			if b := byte(i); string(d(nil, []byte{b})) == string(r) && r != utf8.RuneError {
				return []byte{b}, true
			}
		}
		return nil, false
	}
	return &Charset{Name: name, ASCII: true, decode: d, encode: encode, space: spaces[name]}
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
