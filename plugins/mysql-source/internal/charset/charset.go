package charset

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Charset is one character set. It has no state, so many goroutines may use it.
type Charset struct {
	// Name is the server's, in lower case.
	Name string
	// ASCII says that bytes below 0x80 are ASCII wherever all bytes are below it.
	ASCII bool
	// decode appends bytes as UTF-8; nil for UTF-8 itself.
	decode decoder
	// encode gives one character's bytes; false if there are none.
	encode func(rune) ([]byte, bool)
	// length is set where a character's later bytes may be those of ASCII.
	length func(string) int
	// space is a byte beyond ASCII that separates words, 0 if there is none.
	space byte
}

// decoder appends bytes of a character set as UTF-8, U+FFFD for what is no character.
type decoder func(dst, src []byte) []byte

// Lookup finds a character set by its name, in lower case.
func Lookup(name string) (*Charset, error) {
	if upper, ok := byteCharsets[name]; ok {
		return ofBytes(name, byteDecoder(upper)), nil
	}
	switch name {
	case "utf8mb4", "binary":
		return &Charset{Name: name, ASCII: true, encode: encodeUTF8}, nil
	case "utf8mb3", "utf8":
		return &Charset{Name: "utf8mb3", ASCII: true, encode: encodeUTF8MB3}, nil
	case "ascii":
		return ofBytes(name, byteDecoder("")), nil
	case "swe7":
		c := ofBytes(name, swedish)
		c.ASCII = false
		return c, nil
	}
	if c, ok := wideCharset(name); ok {
		return c, nil
	}
	if m, ok := multibyteCharset(name); ok {
		return &Charset{Name: name, ASCII: true, decode: m.decode, encode: m.encode, length: lengths[name]}, nil
	}
	return nil, fmt.Errorf("character set %s is not known here", name)
}

// Decoder returns what appends bytes of the character set as UTF-8, U+FFFD for
// those that are no character; nil for UTF-8 itself.
func (c *Charset) Decoder() func(dst, src []byte) []byte { return c.decode }

// Decode gives bytes of the character set as valid UTF-8. False means that some
// are no character of it; U+FFFD stands for them.
func (c *Charset) Decode(s string) (string, bool) {
	if c.ASCII && isASCII(s) {
		return s, true
	}
	if c.decode == nil {
		ok := utf8.ValidString(s) && (c.Name != "utf8mb3" || basic(s))
		return strings.ToValidUTF8(s, "\ufffd"), ok
	}
	out := string(c.decode(nil, []byte(s)))
	return out, !strings.ContainsRune(out, utf8.RuneError)
}

// Encode gives text in the character set; a question mark stands for each
// character that is not in it, as in the server's own conversion.
func (c *Charset) Encode(text string) string {
	var b strings.Builder
	for _, r := range text {
		if char, ok := c.encode(r); ok {
			b.Write(char)
		} else {
			char, _ := c.encode('?')
			b.Write(char)
		}
	}
	return b.String()
}

// Through gives what is left of text that was stored in the character set.
func (c *Charset) Through(text string) string {
	if c.ASCII && isASCII(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if _, ok := c.encode(r); !ok {
			return '?'
		}
		return r
	}, text)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// basic says whether no character is beyond the basic plane.
func basic(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0xffff })
}

func encodeUTF8(r rune) ([]byte, bool) { return utf8.AppendRune(nil, r), r != utf8.RuneError }

func encodeUTF8MB3(r rune) ([]byte, bool) {
	if r > 0xffff {
		return nil, false
	}
	return encodeUTF8(r)
}
