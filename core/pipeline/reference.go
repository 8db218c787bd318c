package pipeline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const (
	filePrefix = "file:"
	// minRedacted is the shortest value that is masked wherever it stands; one
	// that is shorter is masked only where it stands in quotes.
	minRedacted = 4
)

var variablePattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reference is a text of the file that was expanded: a whole value, or the one
// reference in it.
type reference struct{ text, value string }

type references []reference

// referenceError says why a reference has no value.
type referenceError struct{ message, cure string }

func (e *expander) resolve(name string) (string, *referenceError) {
	if path, isFile := strings.CutPrefix(name, filePrefix); isFile {
		return e.resolveFile(path)
	}
	if !variablePattern.MatchString(name) {
		return "", &referenceError{
			fmt.Sprintf("has the reference ${%s}, which is not the name of a variable", name),
			"write ${NAME} or ${file:/path}, or $${ for the characters themselves",
		}
	}
	value, ok := e.env(name)
	if !ok {
		return "", &referenceError{
			fmt.Sprintf("refers to ${%s}, which is not set", name),
			"set the environment variable " + name,
		}
	}
	return value, nil
}

func (e *expander) resolveFile(path string) (string, *referenceError) {
	if path == "" {
		return "", &referenceError{"has the reference ${file:} without a path", "write ${file:/path}"}
	}
	value, err := e.readFile(e.besides(path))
	if err != nil {
		return "", &referenceError{
			fmt.Sprintf("refers to ${file:%s}, which cannot be read: %s", path, reason(err)),
			"make the file readable to the user that leat runs as",
		}
	}
	return value, nil
}

// redact replaces values that came from references by the references.
func (r references) redact(text string) string {
	for _, ref := range r {
		if ref.value == "" {
			continue
		}
		quoted := strconv.Quote(ref.value)
		text = strings.ReplaceAll(text, quoted, ref.text)
		if len(ref.value) >= minRedacted {
			text = strings.ReplaceAll(text, ref.value, ref.text)
			text = strings.ReplaceAll(text, quoted[1:len(quoted)-1], ref.text)
		}
	}
	return text
}
