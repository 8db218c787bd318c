package name

import (
	"errors"
	"fmt"
	"strings"
)

// maxTable is the longest name of a dataset or table.
const maxTable = 1024

// Source is where rows come from. Database and table are those of the source:
// the topic does not tell them apart, as both may have dots in them.
type Source struct {
	Topic string
	// Database and Table are empty if the messages do not say of which table they are.
	Database, Table string
}

// String names the table as the source does, or else the topic.
func (s Source) String() string {
	if s.Table == "" {
		return fmt.Sprintf("topic %q", s.Topic)
	}
	return fmt.Sprintf("table `%s`.`%s`", s.Database, s.Table)
}

// Template makes a name of a table. It may hold {topic}, the whole name of the
// topic, and {database} and {table} of the source.
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

// Of returns the name for a table.
func (t Template) Of(s Source) (string, error) {
	if s.Table == "" && (strings.Contains(string(t), "{database}") || strings.Contains(string(t), "{table}")) {
		return "", fmt.Errorf("messages of topic %q do not say of which table they are, which %q asks for: use {topic} instead, or a transform that announces the row schema with the message schema, as avro-transform does",
			s.Topic, string(t))
	}
	out := plain(strings.NewReplacer("{topic}", s.Topic, "{database}", s.Database, "{table}", s.Table).Replace(string(t)))
	if out == "" || len(out) > maxTable {
		return "", fmt.Errorf("%v gives a name of %d bytes by %q, BigQuery takes 1 to %d: name it otherwise by a rule for the topic", s, len(out), string(t), maxTable)
	}
	return out, nil
}
