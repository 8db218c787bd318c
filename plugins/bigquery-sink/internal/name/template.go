package name

import (
	"errors"
	"fmt"
	"strings"
)

// maxTable is the longest name of a dataset or table.
const maxTable = 1024

// Template makes a name of a topic. It may hold {topic}, the whole name of the
// topic, and its last two parts divided by dots, {database} and {table}.
type Template string

var errEmpty = errors.New("is empty")

var variables = []string{"{topic}", "{database}", "{table}"}

// Validate refuses variables that are not known.
func (t Template) Validate() error {
	s := string(t)
	for _, v := range variables {
		s = strings.ReplaceAll(s, v, "")
	}
	if t == "" {
		return errEmpty
	}
	if strings.ContainsAny(s, "{}") {
		return fmt.Errorf("%q has a variable that is not one of %s", string(t), strings.Join(variables, ", "))
	}
	return nil
}

// Fixed says whether the name is the same for all topics.
func (t Template) Fixed() bool { return !strings.Contains(string(t), "{") }

// Of returns the name for a topic.
func (t Template) Of(topic string) (string, error) {
	prefix, table := cut(topic)
	_, database := cut(prefix)
	if database == "" && strings.Contains(string(t), "{database}") {
		return "", fmt.Errorf("topic %q has no part for {database} of %q: use {topic} instead", topic, string(t))
	}
	s := plain(strings.NewReplacer("{topic}", topic, "{database}", database, "{table}", table).Replace(string(t)))
	if s == "" || len(s) > maxTable {
		return "", fmt.Errorf("topic %q gives a name of %d bytes by %q, BigQuery takes 1 to %d", topic, len(s), string(t), maxTable)
	}
	return s, nil
}

// cut divides at the last dot.
func cut(s string) (before, after string) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return "", s
	}
	return s[:i], s[i+1:]
}
