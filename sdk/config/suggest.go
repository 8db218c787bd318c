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

// distance is that of Levenshtein: how many letters to insert, delete or
// replace until a is b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
