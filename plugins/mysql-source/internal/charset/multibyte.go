package charset

import (
	"sort"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/transform"
)

// multibyte is a character set of the Far East. Its transformer has no state.
type multibyte struct {
	encoding    encoding.Encoding
	transformer transform.Transformer
	// width is how many bytes the character at the start of some takes.
	width func(src []byte) int
	runs  []charRun
	// rest finds the codes of characters that the encoding has another for.
	rest func() map[rune]uint32
}

// charRun maps characters that follow one another to code points that do.
type charRun struct {
	first, last uint32
	to          rune
}

// multibyteCharset finds a character set by MySQL's name.
func multibyteCharset(name string) (multibyte, bool) {
	var e encoding.Encoding
	width := doubleWidth
	switch name {
	case "big5":
		e = traditionalchinese.Big5
	case "cp932", "sjis":
		e, width = japanese.ShiftJIS, shiftWidth
	case "eucjpms", "ujis":
		e, width = japanese.EUCJP, eucWidth
	case "euckr":
		e = korean.EUCKR
	case "gb2312", "gbk":
		e = simplifiedchinese.GBK
	case "gb18030":
		e, width = simplifiedchinese.GB18030, gb18030Width
	default:
		return multibyte{}, false
	}
	m := multibyte{encoding: e, transformer: e.NewDecoder().Transformer, width: width, runs: multibyteRuns[name]}
	m.rest = sync.OnceValue(m.codes)
	return m, true
}

// codes gives a code of each character that has one of two bytes.
func (m multibyte) codes() map[rune]uint32 {
	out := map[rune]uint32{}
	for code := uint32(1<<16 - 1); code > 0; code-- {
		char := m.decode(nil, shortest(code))
		if r, n := utf8.DecodeRune(char); n == len(char) && r != utf8.RuneError {
			out[r] = code
		}
	}
	return out
}

func doubleWidth([]byte) int { return 2 }

// shiftWidth knows the katakana of one byte.
func shiftWidth(src []byte) int {
	if src[0] >= 0xa1 && src[0] <= 0xdf {
		return 1
	}
	return 2
}

func eucWidth(src []byte) int {
	if src[0] == 0x8f {
		return 3
	}
	return 2
}

func gb18030Width(src []byte) int {
	if len(src) > 1 && src[1] >= '0' && src[1] <= '9' {
		return 4
	}
	return 2
}

func (m *multibyte) decode(dst, src []byte) []byte {
	for len(src) > 0 {
		n := 1
		if src[0] < utf8.RuneSelf {
			dst = append(dst, src[0])
		} else {
			n = min(m.width(src), len(src))
			dst = m.appendChar(dst, src[:n])
		}
		src = src[n:]
	}
	return dst
}

// appendChar appends what one character stands for.
func (m *multibyte) appendChar(dst, char []byte) []byte {
	code := bigEndian(char)
	i := sort.Search(len(m.runs), func(i int) bool { return m.runs[i].last >= code })
	if i < len(m.runs) && m.runs[i].first <= code {
		return utf8.AppendRune(dst, m.runs[i].to+rune(code-m.runs[i].first))
	}
	// A character, or each of its bytes if it is none, takes at most three bytes.
	const room = 3 * 4
	n := len(dst)
	dst = append(dst, make([]byte, room)...)
	k, _, err := m.transformer.Transform(dst[n:], char, true)
	if err != nil {
		return utf8.AppendRune(dst[:n], utf8.RuneError)
	}
	return dst[:n+k]
}

// encode gives one character's bytes, and only such as stand for it when they
// are read again.
func (m *multibyte) encode(r rune) ([]byte, bool) {
	if r < utf8.RuneSelf {
		return []byte{byte(r)}, true
	}
	for _, run := range m.runs {
		if last := run.to + rune(run.last-run.first); r >= run.to && r <= last {
			return shortest(run.first + uint32(r-run.to)), true
		}
	}
	b, err := m.encoding.NewEncoder().Bytes([]byte(string(r)))
	if err == nil && string(m.decode(nil, b)) == string(r) {
		return b, r != utf8.RuneError
	}
	code, ok := m.rest()[r]
	return shortest(code), ok
}

// shortest gives a code without leading zeros, highest byte first.
func shortest(code uint32) []byte {
	b := []byte{byte(code >> 24), byte(code >> 16), byte(code >> 8), byte(code)}
	for len(b) > 1 && b[0] == 0 {
		b = b[1:]
	}
	return b
}
