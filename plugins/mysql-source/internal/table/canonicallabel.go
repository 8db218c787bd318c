package table

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

var errNoLabel = errors.New("not a label of the column")

func canonicalEnum(text string, labels []string) (string, error) {
	if i := findLabel(text, labels); i >= 0 {
		return labels[i], nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(labels) {
		return labels[n-1], nil
	}
	return "", errNoLabel
}

// canonicalSet puts labels into the order of their definition.
func canonicalSet(text string, labels []string) (string, error) {
	if text == "" {
		return "", nil
	}
	var at []int
	for _, part := range strings.Split(text, ",") {
		i := findLabel(part, labels)
		if i < 0 {
			return "", errNoLabel
		}
		at = append(at, i)
	}
	slices.Sort(at)
	var out []string
	for _, i := range slices.Compact(at) {
		out = append(out, labels[i])
	}
	return strings.Join(out, ","), nil
}

// findLabel prefers the same spelling over one that differs in case, which
// most collations take too.
func findLabel(text string, labels []string) int {
	text = strings.TrimRight(text, " ")
	if i := slices.Index(labels, text); i >= 0 {
		return i
	}
	return slices.IndexFunc(labels, func(l string) bool { return strings.EqualFold(l, text) })
}
