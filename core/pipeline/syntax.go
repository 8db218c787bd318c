package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const syntaxCure = "correct the syntax; indent with spaces, and quote values that hold : or #, and within braces { or }"

// unknownAnchor begins what the library says of an alias without an anchor before it,
// whose place it does not know.
const (
	unknownAnchor = "unknown anchor"
	anchorCure    = "name an anchor (&) that stands before it, or quote a value that begins with *"
)

// yamlError is how the YAML library writes its errors.
var yamlError = regexp.MustCompile(`(?s)^yaml: (?:line \d+: )?(.*)$`)

// syntaxFault tells where a file stops being YAML. The library names the line in
// which it had begun what it could not end, often far above, so the line is found
// anew: it is the one behind the longest beginning of the file that is YAML.
func syntaxFault(path string, raw []byte, err error) Problems {
	message := err.Error()
	if m := yamlError.FindStringSubmatch(message); m != nil {
		message = m[1]
	}
	lines := bytes.SplitAfter(raw, []byte("\n"))
	if strings.HasPrefix(message, unknownAnchor) {
		return fault(path, aliasLine(lines), 1, "is not YAML: "+message, anchorCure)
	}
	line := len(lines)
	for line > 1 && !isYAML(bytes.Join(lines[:line-1], nil)) {
		line--
	}
	if why := misplaced(lines[:line]); why != "" {
		message = why
	}
	return fault(path, line, 1, "is not YAML: "+message, syntaxCure)
}

// aliasLine is the last line of the shortest beginning that has the fault.
func aliasLine(lines [][]byte) int {
	line := 1
	for line < len(lines) && !strings.Contains(scan(bytes.Join(lines[:line], nil)).Error(), unknownAnchor) {
		line++
	}
	return line
}

func isYAML(raw []byte) bool { return errors.Is(scan(raw), io.EOF) }

// scan returns what ends the documents: io.EOF if nothing is wrong.
func scan(raw []byte) error {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	for {
		var doc yaml.Node
		if err := d.Decode(&doc); err != nil {
			return err
		}
	}
}

// misplaced says what is wrong with the indentation of the last line, empty if
// that is not what is wrong.
func misplaced(lines [][]byte) string {
	last := lines[len(lines)-1]
	if strings.Contains(string(last[:len(last)-len(bytes.TrimLeft(last, " \t"))]), "\t") {
		return "the line is indented with a tab"
	}
	var open []int // indentations of the lines above that a line may have
	deeper := true // whether one may begin
	for _, l := range lines[:len(lines)-1] {
		text := bytes.TrimSpace(l)
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		n := indentation(l)
		open = append(shallower(open, n), n)
		if bytes.HasPrefix(text, []byte("- ")) {
			open = append(open, n+len("- "))
		}
		deeper = bytes.ContainsRune([]byte(":-|>"), rune(text[len(text)-1]))
	}
	n := indentation(last)
	fits := shallower(open, n)
	if len(fits) < len(open) && open[len(fits)] == n || len(fits) == len(open) && deeper {
		return ""
	}
	var above []string
	for _, o := range open {
		above = append(above, strconv.Itoa(o))
	}
	return fmt.Sprintf("the line is indented by %d spaces, and the lines above it by %s", n, strings.Join(above, ", "))
}

func indentation(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

// shallower returns those of the indentations, which rise, that are less than n.
func shallower(open []int, n int) []int {
	for len(open) > 0 && open[len(open)-1] >= n {
		open = open[:len(open)-1]
	}
	return open
}
