package naming

import "fmt"

// Register keeps the names of tables apart. It is not safe for concurrent use.
type Register struct {
	topics, namespaces map[string]string
}

// NewRegister returns an empty one.
func NewRegister() *Register {
	return &Register{topics: map[string]string{}, namespaces: map[string]string{}}
}

// Claim takes the names for a table, again if it has them already, and fails
// where another table has one of them: its rows would go to the wrong readers.
func (r *Register) Claim(database, table string, n Names) error {
	name := fmt.Sprintf("%q.%q", database, table)
	if other, ok := r.topics[n.Topic]; ok && other != name {
		return fmt.Errorf("%w: tables %s and %s would both go to the topic %q: capture them in two pipelines with different topic_prefix", ErrClash, other, name, n.Topic)
	}
	if other, ok := r.namespaces[n.Namespace]; ok && other != name {
		return fmt.Errorf("%w: tables %s and %s would both have the Avro namespace %q: set schema_name_adjustment: avro_unicode, or capture them in two pipelines with different topic_prefix",
			ErrClash, other, name, n.Namespace)
	}
	r.topics[n.Topic], r.namespaces[n.Namespace] = name, name
	return nil
}
