package charset

import (
	"testing"
	"unicode/utf8"
)

// clients are the character sets that a server takes as character_set_client.
var clients = []string{
	"armscii8", "ascii", "big5", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932", "dec8", "eucjpms",
	"euckr", "gb18030", "gb2312", "gbk", "geostd8", "greek", "hebrew", "hp8", "keybcs2", "koi8r", "koi8u", "latin1", "latin2",
	"latin5", "latin7", "macce", "macroman", "sjis", "swe7", "tis620", "ujis", "utf8mb3", "utf8mb4",
}

func lookup(t *testing.T, name string) *Charset {
	t.Helper()
	c, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What is read and written again is the same text, for all characters of one and two bytes.
func TestCharset_Encode_isReadAsTheSameText(t *testing.T) {
	t.Parallel()
	for _, name := range append([]string{"ucs2", "utf16", "utf16le"}, clients...) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := lookup(t, name)
			compared := 0
			for code := range 1 << 16 {
				raw := string(shortest(uint32(code)))
				text, ok := c.Decode(raw)
				if !ok || utf8.RuneCountInString(text) != 1 {
					continue
				}
				compared++
				if again, ok := c.Decode(c.Encode(text)); !ok || again != text || c.Through(text) != text {
					t.Errorf("%x is %q, and then %q", raw, text, again)
				}
			}
			if compared < 127 {
				t.Errorf("compared %d characters", compared)
			}
		})
	}
}

func TestCharset_Decode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		charset, raw, want string
		ok                 bool
	}{
		"gbk that is valid UTF-8":       {"gbk", "\xc4\xa3", "模", true},
		"gbk with a backslash in it":    {"gbk", "\x81\x5c", "乗", true},
		"latin1 is cp1252 with all":     {"latin1", "\x80\x81\x8d\xe9", "€\u0081\u008dé", true},
		"sjis backslash is a backslash": {"sjis", "\\~\x83\x5c", "\\~ソ", true},
		"half a character":              {"gbk", "a\x81", "a\ufffd", false},
		"no character of it":            {"gbk", "\xff\xff", "\ufffd\ufffd", false},
		"ascii has 128":                 {"ascii", "a\xe9", "a\ufffd", false},
		"UTF-8 that is none":            {"utf8mb4", "a\xe9", "a\ufffd", false},
		"beyond three bytes":            {"utf8mb3", "😀", "😀", false},
		"swe7":                          {"swe7", "a[{`", "aÄäé", true},
		"four bytes":                    {"gb18030", "\x94\x39\xfc\x36", "😀", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := lookup(t, tt.charset).Decode(tt.raw); got != tt.want || ok != tt.ok {
				t.Errorf("got %q and %v, want %q and %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestCharset_Encode_marksWhatIsNotInIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ charset, text, raw, through string }{
		"latin1":   {"latin1", "aéя", "a\xe9?", "aé?"},
		"utf8mb3":  {"utf8mb3", "я😀", "я?", "я?"},
		"ucs2":     {"ucs2", "я😀", "\x04\x4f\x00?", "я?"},
		"utf16":    {"utf16", "😀", "\xd8\x3d\xde\x00", "😀"},
		"utf16le":  {"utf16le", "😀", "\x3d\xd8\x00\xde", "😀"},
		"utf32":    {"utf32", "😀", "\x00\x01\xf6\x00", "😀"},
		"gbk":      {"gbk", "模😀", "\xc4\xa3?", "模?"},
		"gb18030":  {"gb18030", "😀", "\x94\x39\xfc\x36", "😀"},
		"in a run": {"cp932", "\ue000", "\xf0\x40", "\ue000"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := lookup(t, tt.charset)
			if got := c.Encode(tt.text); got != tt.raw {
				t.Errorf("encoded %x, want %x", got, tt.raw)
			}
			if got := c.Through(tt.text); got != tt.through {
				t.Errorf("got %q, want %q", got, tt.through)
			}
		})
	}
}

func TestCharset_Length(t *testing.T) {
	t.Parallel()
	tests := []struct {
		charset, s string
		want       int
	}{
		{"gbk", "\x81\x5c", 2},
		{"gbk", "\x81'", 1},
		{"gbk", "\x81", 1},
		{"gbk", "ab", 1},
		{"big5", "\xa1\x5c", 2},
		{"big5", "\x81\x5c", 1},
		{"sjis", "\x83\x5c", 2},
		{"sjis", "\xb1\x5c", 1},
		{"cp932", "\xfc\x60", 2},
		{"euckr", "\x81A", 2},
		{"euckr", "\x81\\", 1},
		{"gb18030", "\x81\x5c", 2},
		{"gb18030", "\x81\x30\x81\x30", 4},
		{"gb18030", "\x81\x30\x81", 1},
		{"latin1", "\xe9\x5c", 1},
		{"utf8mb4", "я", 1},
	}
	for _, tt := range tests {
		if got := lookup(t, tt.charset).Length(tt.s); got != tt.want {
			t.Errorf("%s %x: got %d, want %d", tt.charset, tt.s, got, tt.want)
		}
	}
	var none *Charset
	if none.Length("\x81\x5c") != 1 || none.Space(0xa0) || lookup(t, "cp1251").Space(0) || !lookup(t, "latin1").Space(0xa0) {
		t.Error("a space or a length of the wrong character set")
	}
}

func TestLookup_unknown(t *testing.T) {
	t.Parallel()
	if c, err := Lookup("ebcdic"); err == nil {
		t.Errorf("got %v", c)
	}
}
