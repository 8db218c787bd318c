package judge

import (
	"bytes"
	"slices"
	"strings"
)

func bytesRules() []Rule {
	return []Rule{
		{Name: "binary-padding", Explains: explainsBinaryPadding},
		{Name: "binary-default", Explains: explainsBinaryDefault},
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
