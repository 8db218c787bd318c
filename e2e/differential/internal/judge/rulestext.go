package judge

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

func textRules() []Rule {
	return []Rule{
		{Name: "enum-escape", Explains: explainsEnumEscape},
		{Name: "enum-trailing-space", Explains: explainsEnumTrailingSpace},
		{Name: "enum-binary", Explains: explainsEnumBinary},
		{Name: "enum-4-byte", Explains: explainsEnum4Byte},
		{Name: "koi8u", Explains: explainsKOI8U},
		{Name: "charset-tables", Named: true, Explains: explainsCharsetTables},
		{Name: "charset-unassigned", Explains: explainsCharsetUnassigned},
		{Name: "charset-binary", Explains: explainsCharsetBinary},
		{Name: "digit-name", Named: true, Explains: explainsDigitName},
		{Name: "charset-altered", Named: true, Explains: explainsCharsetAltered},
	}
}

// labels returns both sides of a difference between values of ENUM or SET.
func labels(d Difference) (theirs, ours string, ok bool) {
	theirs, ok1 := d.Debezium.(string)
	ours, ok2 := d.Leat.(string)
	return theirs, ours, ok1 && ok2 && isValue(d) && has(d, semanticEnum, semanticSet)
}

var unescapeLabel = strings.NewReplacer(`\,`, `,`, `\\`, `\`, `''`, `'`)

// explainsEnumEscape: a label as it is escaped in the schema, or in the statement, there.
func explainsEnumEscape(d Difference) bool {
	theirs, ours, ok := labels(d)
	return ok && d.Phase == Stream && unescapeLabel.Replace(theirs) == ours
}

// explainsEnumTrailingSpace: a label with the trailing spaces of the statement there, which the
// server has removed.
func explainsEnumTrailingSpace(d Difference) bool {
	if d.Phase == Snapshot {
		return false
	}
	if isField(d) && has(d, semanticEnum, semanticSet) {
		return equal(mapField(d.Debezium, trimAllowed, trimEach), d.Leat)
	}
	theirs, ours, ok := labels(d)
	return ok && trimEach(theirs) == ours
}

func trimAllowed(t any) any { return mapAllowed(t, trimEach) }

// trimEach removes the spaces before each comma and at the end.
func trimEach(v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimRight(parts[i], " ")
	}
	return strings.Join(parts, ",")
}

// explainsEnumBinary: the labels of a binary ENUM or SET are not found there.
func explainsEnumBinary(d Difference) bool {
	return isValue(d) && d.Phase == Snapshot && has(d, semanticEnum, semanticSet) && d.Debezium == nil && d.Leat != nil
}

// Ukrainian letters, and what Debezium reads in their places.
var koi8u = strings.NewReplacer("╓", "є", "╕", "і", "╖", "ї", "╜", "ґ", "╢", "Є", "╤", "І", "╥", "Ї", "╫", "Ґ")

// explainsKOI8U: koi8u read as koi8r there.
func explainsKOI8U(d Difference) bool {
	theirs, ok := d.Debezium.(string)
	return ok && isValue(d) && d.Phase == Stream && koi8u.Replace(theirs) == d.Leat
}

// explainsCharsetTables: characters of a set that Java has otherwise, or lacks, there.
func explainsCharsetTables(d Difference) bool {
	theirs, ok1 := d.Debezium.(string)
	ours, ok2 := d.Leat.(string)
	return ok1 && ok2 && isValue(d) && d.Phase == Stream &&
		utf8.RuneCountInString(theirs) == utf8.RuneCountInString(ours)
}

// explainsCharsetUnassigned: a question mark there for a byte that is no character.
func explainsCharsetUnassigned(d Difference) bool {
	ours, ok := d.Leat.(string)
	return ok && isValue(d) && d.Phase == Snapshot && strings.Contains(ours, "\uFFFD") && d.Debezium == strings.ReplaceAll(ours, "\uFFFD", "?")
}

var beginsWithDigit = regexp.MustCompile(`\.(\d)`)

// explainsDigitName: a part of a full name that begins with a digit, which Avro does not allow.
func explainsDigitName(d Difference) bool {
	theirs, ok := d.Debezium.(string)
	return ok && (d.Part == KeySchema || d.Part == ValueSchema) && (d.Path == "namespace" || strings.HasSuffix(d.Path, "connect.name")) &&
		beginsWithDigit.ReplaceAllString(theirs, "._$1") == d.Leat
}

// explainsCharsetAltered: text of a column that took a changed default is not readable there.
func explainsCharsetAltered(d Difference) bool {
	theirs, ok1 := d.Debezium.(string)
	ours, ok2 := d.Leat.(string)
	return ok1 && ok2 && isValue(d) && d.Phase == Stream &&
		strings.Contains(theirs, "\uFFFD") && !strings.Contains(ours, "\uFFFD")
}

// explainsCharsetBinary: text there, bytes here.
func explainsCharsetBinary(d Difference) bool {
	if d.Phase == Snapshot || !types(d, "string", "bytes") {
		return false
	}
	if isField(d) {
		toBytes := func(t any) any {
			if o, ok := t.(tree.Object); ok {
				return append(tree.Object{{Name: "type", Value: "bytes"}}, o[1:]...)
			}
			return "bytes"
		}
		return equal(withoutDefault(mapField(d.Debezium, toBytes, same)), withoutDefault(d.Leat))
	}
	theirs, ok1 := d.Debezium.(string)
	ours, ok2 := d.Leat.([]byte)
	if !isValue(d) || !ok1 || !ok2 {
		return false
	}
	trim := func(s string) string { return strings.TrimRight(s, "\x00") }
	return trim(theirs) == trim(toLatin1(ours)) || trim(theirs) == trim(string(ours))
}
