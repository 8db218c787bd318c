package judge

import (
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

func defaultRules() []Rule {
	return []Rule{
		{Name: "null-default", Explains: explainsNullDefault},
		{Name: "default-text", Explains: explainsDefaultText},
		{Name: "default-literal", Named: true, Explains: explainsDefaultLiteral},
		{Name: "default-set-bit", Explains: explainsDefaultSetBit},
		{Name: "default-set-null", Explains: explainsDefaultSetNull},
		{Name: "default-set-order", Explains: explainsDefaultSetOrder},
		{Name: "default-rounded", Explains: explainsDefaultRounded},
		{Name: "default-long", Explains: explainsDefaultLong},
		{Name: "default-blob", Explains: explainsDefaultBlob},
	}
}

// explainsNullDefault: the default in the place of NULL there.
func explainsNullDefault(d Difference) bool {
	return isValue(d) && d.Leat == nil && d.Debezium != nil && equal(d.Debezium, defaultOf(d.DebeziumField))
}

// unescapeDefault undoes what a statement's literal needs.
var unescapeDefault = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r", `\0`, "\x00", `\'`, `'`, `\"`, `"`, `''`, `'`)

// explainsDefaultText: a default as the statement spells it there, or as the server shows what it
// cannot print.
func explainsDefaultText(d Difference) bool {
	theirs, ok1 := defaultOf(d.Debezium).(string)
	ours, ok2 := defaultOf(d.Leat).(string)
	if !isField(d) || !ok1 || !ok2 || !types(d, "string", "string") || !sameButDefault(d) {
		return false
	}
	if d.Phase == Snapshot {
		hex := strings.ToUpper(hex.EncodeToString([]byte(ours)))
		return unescapeDefault.Replace(theirs) == ours || theirs != "" && strings.HasPrefix(hex, theirs)
	}
	return unescapeDefault.Replace(theirs) == ours || strings.TrimRight(theirs, " ") == ours
}

// explainsDefaultLiteral: a default whose literal is of an unusual form is misread there.
func explainsDefaultLiteral(d Difference) bool {
	return isField(d) && d.Phase == Stream && sameButDefault(d) && defaultOf(d.Debezium) != nil && defaultOf(d.Leat) != nil
}

// explainsDefaultSetBit: SET DEFAULT of a BIT is not taken there.
func explainsDefaultSetBit(d Difference) bool {
	if !isField(d) || d.Phase == Snapshot || !sameButDefault(d) {
		return false
	}
	if types(d, "boolean", "boolean") {
		return defaultOf(d.Debezium) == false && defaultOf(d.Leat) == true
	}
	return has(d, semanticBits) && defaultOf(d.Debezium) == nil && defaultOf(d.Leat) != nil
}

// explainsDefaultSetNull: SET DEFAULT NULL of an ENUM or SET makes the word null the default there.
func explainsDefaultSetNull(d Difference) bool {
	return isField(d) && d.Phase == Stream && has(d, semanticEnum, semanticSet) && sameButDefault(d) &&
		defaultOf(d.Debezium) == "null" && defaultOf(d.Leat) == nil
}

// explainsDefaultSetOrder: the labels of a SET as the statement has them there, each once and in the
// order of the type here.
func explainsDefaultSetOrder(d Difference) bool {
	theirs, ok1 := defaultOf(d.Debezium).(string)
	ours, ok2 := defaultOf(d.Leat).(string)
	if !ok1 || !ok2 || !isField(d) || d.Phase == Snapshot || !has(d, semanticSet) || !sameButDefault(d) {
		return false
	}
	labels, order := strings.Split(theirs, ","), strings.Split(allowedOf(d.Leat), ",")
	slices.SortFunc(labels, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return strings.Join(slices.Compact(labels), ",") == ours
}

// sameButDefault tells whether two fields have the same type, whatever their defaults.
func sameButDefault(d Difference) bool {
	strip := func(field any) any { return typeOf(withoutDefault(field)) }
	return equal(strip(d.Debezium), strip(d.Leat)) && nullable(d.Debezium) == nullable(d.Leat)
}

func nullable(field any) bool {
	_, union := tree.Get(field, "type").([]any)
	return union
}

// explainsDefaultRounded: the fraction of the statement there, the one that the server rounds it
// to here.
func explainsDefaultRounded(d Difference) bool {
	if !isField(d) || d.Phase == Snapshot || !equal(withoutDefault(d.Debezium), withoutDefault(d.Leat)) {
		return false
	}
	if types(d, "double", "double") {
		theirs, ok1 := defaultOf(d.Debezium).(float64)
		ours, ok2 := defaultOf(d.Leat).(float64)
		return ok1 && ok2 && roundedDouble(theirs, ours)
	}
	theirs, ok1 := defaultOf(d.Debezium).(int64)
	ours, ok2 := defaultOf(d.Leat).(int64)
	if !ok1 || !ok2 {
		return false
	}
	unit := time.Microsecond
	switch {
	case has(d, semanticMillis):
		unit = time.Millisecond
	case !has(d, semanticMicros, semanticTime):
		return false
	}
	for step := 10 * unit; step <= time.Second; step *= 10 {
		if (time.Duration(theirs) * unit).Round(step) == time.Duration(ours)*unit {
			return true
		}
	}
	return false
}

// mostScale is the greatest number of digits behind the point that the server takes.
const mostScale = 30

// roundedDouble tells whether ours is theirs with fewer digits behind the point.
func roundedDouble(theirs, ours float64) bool {
	for scale := range mostScale + 1 {
		unit := math.Pow10(scale)
		if theirs != ours && math.Abs(math.Round(theirs*unit)/unit-ours) <= math.Abs(ours)*1e-12 {
			return true
		}
	}
	return false
}

// explainsDefaultLong: a default beyond 2^53 went through a double there.
func explainsDefaultLong(d Difference) bool {
	theirs, ok1 := defaultOf(d.Debezium).(int64)
	ours, ok2 := defaultOf(d.Leat).(int64)
	return ok1 && ok2 && isField(d) && types(d, "long", "long") && sameButDefault(d) && theirs != ours && theirs == int64(float64(ours))
}

// explainsDefaultBlob: an empty default that the server leaves out is one there.
func explainsDefaultBlob(d Difference) bool {
	empty := defaultOf(d.Debezium) == ""
	if b, ok := defaultOf(d.Debezium).([]byte); ok {
		empty = len(b) == 0
	}
	return isField(d) && d.Phase == Stream && empty && tree.Get(d.Leat, "default") == nil &&
		avroType(d.Debezium) == avroType(d.Leat) && nullable(d.Debezium) == nullable(d.Leat)
}
