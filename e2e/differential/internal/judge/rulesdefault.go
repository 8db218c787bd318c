package judge

import (
	"strings"
	"time"
)

func defaultRules() []Rule {
	return []Rule{
		{Name: "null-default", Explains: explainsNullDefault},
		{Name: "default-quote", Explains: explainsDefaultQuote},
		{Name: "default-rounded", Explains: explainsDefaultRounded},
	}
}

// explainsNullDefault: the default in the place of NULL there.
func explainsNullDefault(d Difference) bool {
	return isValue(d) && d.Leat == nil && d.Debezium != nil && equal(d.Debezium, defaultOf(d.DebeziumField))
}

// explainsDefaultQuote: a quote in a default is doubled there, as in the statement.
func explainsDefaultQuote(d Difference) bool {
	if !isField(d) {
		return false
	}
	single := func(v any) any {
		if s, ok := v.(string); ok {
			return strings.ReplaceAll(s, "''", "'")
		}
		return v
	}
	return equal(mapField(d.Debezium, same, single), d.Leat)
}

// explainsDefaultRounded: the fraction of the statement there, the one that the server rounds it
// to here.
func explainsDefaultRounded(d Difference) bool {
	theirs, ok1 := defaultOf(d.Debezium).(int64)
	ours, ok2 := defaultOf(d.Leat).(int64)
	if !isField(d) || d.Phase == Snapshot || !ok1 || !ok2 || !equal(withoutDefault(d.Debezium), withoutDefault(d.Leat)) {
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
