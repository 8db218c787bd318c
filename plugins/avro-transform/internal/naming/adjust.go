package naming

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// Adjustment says how names that Avro does not allow are made legal.
type Adjustment string

// The adjustments. All but Auto and AvroStrict are Debezium's, and have its names.
const (
	// Auto is Avro, and AvroStrict for a table whose schema the registry cannot read.
	Auto Adjustment = "auto"
	// None leaves names as they are.
	None Adjustment = "none"
	// Avro puts an underscore in the place of each illegal character.
	Avro Adjustment = "avro"
	// AvroStrict also puts one before a digit that begins a later part of a name,
	// which Debezium leaves, and which Avro's specification does not allow.
	AvroStrict Adjustment = "avro_strict"
	// AvroUnicode writes illegal characters, and the underscore that begins a
	// name, as _uXXXX.
	AvroUnicode Adjustment = "avro_unicode"
)

// FullName adjusts a record's name; dots separate its parts.
func (a Adjustment) FullName(s string) string { return a.adjust(s, true) }

// FieldName adjusts the name of a field, in which a dot is illegal.
func (a Adjustment) FieldName(s string) string { return a.adjust(s, false) }

// adjust works on UTF-16 units as Debezium does, so a character outside the
// basic plane counts twice.
func (a Adjustment) adjust(s string, dots bool) string {
	if a == None || s == "" {
		return s
	}
	var b strings.Builder
	first := true
	for _, c := range utf16.Encode([]rune(s)) {
		switch {
		case a.legal(c, first, dots):
			b.WriteByte(byte(c))
		case a == AvroUnicode:
			b.WriteString("_u" + hex(c))
		case first && isDigit(c):
			b.WriteByte('_')
			b.WriteByte(byte(c))
		default:
			b.WriteByte('_')
		}
		first = a == AvroStrict && c == '.'
	}
	return b.String()
}

func (a Adjustment) legal(c uint16, first, dots bool) bool {
	switch {
	case isLetter(c):
		return true
	case c == '_':
		return a != AvroUnicode
	case first:
		return false
	default:
		return isDigit(c) || (dots && c == '.')
	}
}

// hex pads to four digits only what has at most two, as Debezium does.
func hex(c uint16) string {
	if c <= 0xff {
		return "00" + strconv.FormatUint(uint64(c), 16)
	}
	return strconv.FormatUint(uint64(c), 16)
}

func isLetter(c uint16) bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') }
func isDigit(c uint16) bool  { return c >= '0' && c <= '9' }
