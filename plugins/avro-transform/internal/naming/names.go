package naming

import (
	"errors"
	"fmt"
)

// ErrClash is returned when two tables, or two columns of a table, would get the
// same name.
var ErrClash = errors.New("name is taken")

// Strategy says how subjects are named, as Confluent's classes of these names do.
type Strategy string

// The strategies.
const (
	TopicName       Strategy = "topic"
	RecordName      Strategy = "record"
	TopicRecordName Strategy = "topic_record"
)

// Rules are the user's choices.
type Rules struct {
	TopicPrefix string
	Subject     Strategy
	Schema      Adjustment
	Field       Adjustment
}

// Names are what a table is called outside of the database.
type Names struct {
	Topic string
	// Namespace of the records Key, Value and Envelope.
	Namespace                string
	KeySubject, ValueSubject string
}

// Of names a table.
func (r Rules) Of(database, table string) Names {
	topic := Topic(r.TopicPrefix, database, table)
	n := Names{Topic: topic, Namespace: r.Schema.FullName(topic)}
	n.KeySubject = r.subject(topic, n.Namespace+".Key", "-key")
	n.ValueSubject = r.subject(topic, n.Namespace+".Envelope", "-value")
	return n
}

// Strict returns the rules by which a table gets names that every registry can
// read, and false if the user's leave no choice.
func (r Rules) Strict() (Rules, bool) {
	if r.Schema != Auto {
		return r, false
	}
	r.Schema = AvroStrict
	return r, true
}

func (r Rules) subject(topic, record, suffix string) string {
	switch r.Subject {
	case RecordName:
		return record
	case TopicRecordName:
		return topic + "-" + record
	default:
		return topic + suffix
	}
}

// Fields adjusts the names of a table's columns.
func (r Rules) Fields(columns []string) ([]string, error) {
	fields := make([]string, len(columns))
	taken := make(map[string]string, len(columns))
	for i, c := range columns {
		f := r.Field.FieldName(c)
		if other, ok := taken[f]; ok {
			return nil, fmt.Errorf("%w: columns %q and %q would both be the field %q: rename one or leave it out at the source, or set field_name_adjustment: avro_unicode",
				ErrClash, other, c, f)
		}
		taken[f], fields[i] = c, f
	}
	return fields, nil
}
