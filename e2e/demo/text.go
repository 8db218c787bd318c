package main

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"
)

var ops = map[string]string{"r": "snapshot", "c": "insert", "u": "update", "d": "delete"}

// text shows an event in one line: what happened and, for an update, to which columns.
func (e *event) text() string {
	if e.Value == nil {
		return fmt.Sprintf("kafka     %-18s %-8s %s", e.Topic, "tomb", columns(e.Key))
	}
	op, before, after := e.Op(), e.Before(), e.After()
	switch op {
	case "u":
		return fmt.Sprintf("kafka     %-18s %-8s %s: %s", e.Topic, ops[op], columns(e.Key), changed(before, after))
	case "d":
		return fmt.Sprintf("kafka     %-18s %-8s %s", e.Topic, ops[op], columns(before))
	default:
		return fmt.Sprintf("kafka     %-18s %-8s %s", e.Topic, ops[op], columns(after))
	}
}

func changed(before, after map[string]any) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if was, is := show(before[name]), show(after[name]); was != is {
			out = append(out, fmt.Sprintf("%s %s → %s", name, was, is))
		}
	}
	return strings.Join(out, ", ")
}

func columns(r map[string]any) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(r)) {
		out = append(out, name+"="+show(r[name]))
	}
	return strings.Join(out, " ")
}

func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case *big.Rat:
		return v.FloatString(2)
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.999999Z")
	case map[string]any: // a union's branch
		for _, inner := range v {
			if len(v) == 1 {
				return show(inner)
			}
		}
	}
	return fmt.Sprint(v)
}
