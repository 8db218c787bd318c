package judge

import "strings"

func defaultRules() []Rule {
	return []Rule{
		{Name: "null-default", Explains: explainsNullDefault},
		{Name: "default-quote", Explains: explainsDefaultQuote},
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
