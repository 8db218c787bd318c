package judge

import (
	_ "embed"
	"errors"
	"fmt"
	"path"
	"strings"
)

//go:embed volatile.txt
var volatileText string

// Volatile has the fields that differ from run to run of one and the same contender.
type Volatile []volatileField

type volatileField struct {
	part  Part
	phase string // empty: both
	path  string // a pattern of path.Match
}

// ErrVolatile means that the list of volatile fields is malformed.
var ErrVolatile = errors.New("malformed list of volatile fields")

// ReadVolatile reads volatile.txt.
func ReadVolatile() (Volatile, error) { return parseVolatile(volatileText) }

func parseVolatile(text string) (Volatile, error) {
	var out Volatile
	for i, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "|")
		if len(fields) != 4 || strings.TrimSpace(fields[3]) == "" {
			return nil, fmt.Errorf("line %d: %q has no four columns, the last a reason: %w", i+1, line, ErrVolatile)
		}
		v := volatileField{part: Part(strings.TrimSpace(fields[0])), phase: strings.TrimSpace(fields[1]), path: strings.TrimSpace(fields[2])}
		if _, err := path.Match(v.path, ""); err != nil || v.phase != Snapshot && v.phase != Stream && v.phase != "both" {
			return nil, fmt.Errorf("line %d: %q: %w", i+1, line, ErrVolatile)
		}
		out = append(out, v)
	}
	return out, nil
}

// Has tells whether a difference is in a volatile field.
func (v Volatile) Has(d Difference) bool {
	for _, f := range v {
		matches, _ := path.Match(f.path, d.Path) // the pattern was tried when it was read
		if matches && f.part == d.Part && (f.phase == "both" || f.phase == d.Phase) {
			return true
		}
	}
	return false
}
