package config

import "strings"

// keyCure names the key that was probably meant, or all there are.
func keyCure(key string, known []string) string {
	if s, ok := Suggest(key, known); ok {
		return "did you mean " + s + "?"
	}
	if len(known) == 0 {
		return "remove it; there are no keys here"
	}
	return "remove it; the keys are " + strings.Join(known, ", ")
}

// Suggest returns the known word that is closest to a misspelt one, if one is
// close: at most a third of its letters differ.
func Suggest(word string, known []string) (string, bool) {
	best, least := "", max(1, len(word)/3)+1
	for _, k := range known {
		if d := distance(normal(word), normal(k)); d < least {
			best, least = k, d
		}
	}
	return best, best != ""
}

// normal makes words alike that differ in case and separators only.
func normal(word string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(word))
}

// distance is how many letters to insert, delete, replace or swap with their
// neighbour until a is b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

func cost(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}
