package charset

// lengths has the character sets in which a later byte of a character may be
// one of ASCII: a backslash, a quote or a bracket there is none.
var lengths = map[string]func(string) int{
	"big5":    pairs(between(0xa1, 0xf9), between(0x40, 0x7e), between(0xa1, 0xfe)),
	"cp932":   pairs(shiftLead, between(0x40, 0x7e), between(0x80, 0xfc)),
	"euckr":   pairs(between(0x81, 0xfe), between(0x41, 0x5a), between(0x61, 0x7a), between(0x81, 0xfe)),
	"gb18030": gb18030Length,
	"gbk":     gbkLength,
	"sjis":    pairs(shiftLead, between(0x40, 0x7e), between(0x80, 0xfc)),
}

// Length gives the number of bytes of the character at the start of s, as far
// as it matters to find the next byte that is one of ASCII: 1 for what is no
// character, and where all bytes of longer ones are beyond ASCII.
func (c *Charset) Length(s string) int {
	if c == nil || c.length == nil || s[0] < 0x80 {
		return 1
	}
	return c.length(s)
}

// Space says whether the server takes a byte beyond ASCII for a space.
func (c *Charset) Space(b byte) bool { return c != nil && c.space != 0 && b == c.space }

type byteRange func(byte) bool

func between(low, high byte) byteRange {
	return func(b byte) bool { return b >= low && b <= high }
}

func shiftLead(b byte) bool { return b >= 0x81 && b <= 0x9f || b >= 0xe0 && b <= 0xfc }

// pairs measures characters of two bytes, the second of which is in one of the ranges.
func pairs(lead byteRange, trail ...byteRange) func(string) int {
	return func(s string) int {
		if len(s) < 2 || !lead(s[0]) {
			return 1
		}
		for _, in := range trail {
			if in(s[1]) {
				return 2
			}
		}
		return 1
	}
}

var gbkLength = pairs(between(0x81, 0xfe), between(0x40, 0x7e), between(0x80, 0xfe))

func gb18030Length(s string) int {
	digit := between('0', '9')
	if len(s) >= 4 && s[0] >= 0x81 && s[0] <= 0xfe && digit(s[1]) && s[2] >= 0x81 && s[2] <= 0xfe && digit(s[3]) {
		return 4
	}
	return gbkLength(s)
}
