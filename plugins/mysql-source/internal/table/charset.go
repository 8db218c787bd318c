package table

import "strings"

// Charset is what the server knows of a character set.
type Charset struct {
	Collation string // the default one
	MaxBytes  int    // of one character
}

// charsets are those of MySQL 9.7 and MariaDB 11; utf8 stands for utf8mb3.
var charsets = map[string]Charset{
	"armscii8": {"armscii8_general_ci", 1}, "ascii": {"ascii_general_ci", 1},
	"big5": {"big5_chinese_ci", 2}, "binary": {"binary", 1},
	"cp1250": {"cp1250_general_ci", 1}, "cp1251": {"cp1251_general_ci", 1},
	"cp1256": {"cp1256_general_ci", 1}, "cp1257": {"cp1257_general_ci", 1},
	"cp850": {"cp850_general_ci", 1}, "cp852": {"cp852_general_ci", 1},
	"cp866": {"cp866_general_ci", 1}, "cp932": {"cp932_japanese_ci", 2},
	"dec8": {"dec8_swedish_ci", 1}, "eucjpms": {"eucjpms_japanese_ci", 3},
	"euckr": {"euckr_korean_ci", 2}, "gb18030": {"gb18030_chinese_ci", 4},
	"gb2312": {"gb2312_chinese_ci", 2}, "gbk": {"gbk_chinese_ci", 2},
	"geostd8": {"geostd8_general_ci", 1}, "greek": {"greek_general_ci", 1},
	"hebrew": {"hebrew_general_ci", 1}, "hp8": {"hp8_english_ci", 1},
	"keybcs2": {"keybcs2_general_ci", 1}, "koi8r": {"koi8r_general_ci", 1},
	"koi8u": {"koi8u_general_ci", 1}, "latin1": {"latin1_swedish_ci", 1},
	"latin2": {"latin2_general_ci", 1}, "latin5": {"latin5_turkish_ci", 1},
	"latin7": {"latin7_general_ci", 1}, "macce": {"macce_general_ci", 1},
	"macroman": {"macroman_general_ci", 1}, "sjis": {"sjis_japanese_ci", 2},
	"swe7": {"swe7_swedish_ci", 1}, "tis620": {"tis620_thai_ci", 1},
	"ucs2": {"ucs2_general_ci", 2}, "ujis": {"ujis_japanese_ci", 3},
	"utf16": {"utf16_general_ci", 4}, "utf16le": {"utf16le_general_ci", 4},
	"utf32": {"utf32_general_ci", 4}, "utf8mb3": {"utf8mb3_general_ci", 3},
	"utf8mb4": {"utf8mb4_0900_ai_ci", 4},
}

// CharsetName gives the canonical name of a character set: lower case, and
// utf8mb3 for its old name utf8.
func CharsetName(name string) string {
	name = strings.ToLower(name)
	if name == "utf8" {
		return "utf8mb3"
	}
	return name
}

// LookupCharset finds a character set by its canonical or old name.
func LookupCharset(name string) (Charset, bool) {
	c, ok := charsets[CharsetName(name)]
	return c, ok
}

// CollationName gives the canonical name of a collation.
func CollationName(name string) string {
	name = strings.ToLower(name)
	if rest, ok := strings.CutPrefix(name, "utf8_"); ok {
		return "utf8mb3_" + rest
	}
	return name
}

// CollationCharset gives the character set that a collation belongs to, or
// false for one whose name does not tell (MariaDB's uca1400 without a prefix).
func CollationCharset(collation string) (string, bool) {
	name, _, _ := strings.Cut(CollationName(collation), "_")
	_, ok := charsets[name]
	return name, ok
}
