package judge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

func bytesRules() []Rule {
	return []Rule{
		{Name: "binary-padding", Explains: explainsBinaryPadding},
		{Name: "binary-default", Explains: explainsBinaryDefault},
		{Name: "binary-default-hex", Explains: explainsBinaryDefaultHex},
		{Name: "binary-default-set", Explains: explainsBinaryDefaultSet},
		{Name: "bit-key", Explains: explainsBitKey},
	}
}

// explainsBinaryPadding: trailing zeros are missing there.
func explainsBinaryPadding(d Difference) bool {
	theirs, ok1 := d.Debezium.([]byte)
	ours, ok2 := d.Leat.([]byte)
	return ok1 && ok2 && isValue(d) && d.Phase == Stream &&
		len(ours) > len(theirs) && bytes.Equal(ours, append(bytes.Clone(theirs), make([]byte, len(ours)-len(theirs))...))
}

// explainsBitKey: the bytes of a BIT in a key the other way round there.
func explainsBitKey(d Difference) bool {
	theirs, ok1 := d.Debezium.([]byte)
	ours, ok2 := d.Leat.([]byte)
	if !ok1 || !ok2 || !isValue(d) || !d.InKey || d.Phase != Snapshot || !has(d, semanticBits) {
		return false
	}
	reversed := bytes.Clone(theirs)
	slices.Reverse(reversed)
	return bytes.Equal(reversed, ours)
}

// explainsBinaryDefaultHex: the hexadecimal digits of a default as the server shows it, the last one
// missing, there.
func explainsBinaryDefaultHex(d Difference) bool {
	theirs, ok1 := defaultOf(d.Debezium).([]byte)
	ours, ok2 := defaultOf(d.Leat).([]byte)
	if !ok1 || !ok2 || !isField(d) || d.Phase == Stream || !sameButDefault(d) {
		return false
	}
	digits := fmt.Sprintf("%X", ours)
	return len(theirs) > 0 && string(theirs) == digits[:max(len(digits)-1, 0)]
}

// explainsBinaryDefaultSet: SET DEFAULT of a BINARY or VARBINARY makes the word null the default there.
func explainsBinaryDefaultSet(d Difference) bool {
	theirs, ok := defaultOf(d.Debezium).([]byte)
	return ok && isField(d) && d.Phase == Stream && types(d, "bytes", "bytes") && string(theirs) == "null" &&
		nullable(d.Debezium) == nullable(d.Leat)
}

// explainsBinaryDefault: a default that is not padded there, or has `\0` for each zero.
func explainsBinaryDefault(d Difference) bool {
	if !isField(d) || !types(d, "bytes", "bytes") {
		return false
	}
	trim := func(v any) any {
		s, ok := v.(string)
		if !ok {
			return v
		}
		return strings.TrimRight(strings.ReplaceAll(s, `\0`, "\x00"), "\x00")
	}
	return equal(mapField(d.Debezium, same, trim), mapField(d.Leat, same, trim))
}
