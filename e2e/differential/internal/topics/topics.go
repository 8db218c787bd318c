// Package topics reads all that one contender has written: the records of the topics behind its
// prefix, decoded, and the schemas registered for them. The prefix is replaced by Prefix
// everywhere, so that two contenders can be compared.
//
// Start reading at Reader.
package topics

import (
	"github.com/leat-io/leat/e2e/differential/internal/avro"
)

// Prefix stands for the contender's own prefix in all names and values.
const Prefix = "PREFIX"

// Side is what one contender has written, by topic.
type Side map[string]*Topic

// Records is their number over all topics.
func (s Side) Records() int {
	n := 0
	for _, topic := range s {
		n += len(topic.Records)
	}
	return n
}

// Topic is one topic and the schemas of its subjects.
type Topic struct {
	Records []*Record
	// Keys and Values are the registered versions of the subjects, the first first.
	Keys, Values []*avro.Schema
}

// Record is a decoded record.
type Record struct {
	// Key and Value are nil where the record has none.
	Key, Value any
	// KeySchema and ValueSchema are nil then too.
	KeySchema, ValueSchema *avro.Schema
	Headers                []Header
}

// Header is a header as text.
type Header struct {
	Name, Value string
}
