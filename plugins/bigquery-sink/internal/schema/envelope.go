package schema

import (
	"errors"
	"fmt"
	"slices"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
)

var (
	errEnvelope = errors.New("is not a Debezium envelope with before, after, source and op: give the pipeline a transform that makes them, such as avro-transform, and no other one behind it")
	errKey      = errors.New("has a key that is not a record of columns")
)

// Envelope is what the schemas of a message say about a table.
type Envelope struct {
	// Value and Key are the schemas; Key is nil for a table without a key.
	Value, Key *avrotype.Type
	// Row is the record of before and after.
	Row *avrotype.Type
	// Columns of the row, in order; KeyColumns those of the key, in the key's order.
	Columns, KeyColumns []Column
}

// ParseEnvelope reads the Avro schemas of a message's value and key. The key is
// empty for a table without one.
func ParseEnvelope(value, key []byte) (*Envelope, error) {
	e := &Envelope{}
	var err error
	if e.Value, err = avrotype.Parse(value); err != nil {
		return nil, err
	}
	if e.Row = rowOf(e.Value); e.Row == nil {
		return nil, fmt.Errorf("value of type %v %w", e.Value, errEnvelope)
	}
	if e.Columns, err = columnsOf(e.Row, 1); err != nil {
		return nil, err
	}
	if len(key) == 0 {
		return e, nil
	}
	return e, e.addKey(key)
}

func rowOf(envelope *avrotype.Type) *avrotype.Type {
	if envelope.Kind != avrotype.Record {
		return nil
	}
	op, source := envelope.Field("op"), envelope.Field("source")
	if op == nil || op.Kind != avrotype.String || source == nil || source.Kind != avrotype.Record {
		return nil
	}
	before, after := record(envelope.Field("before")), record(envelope.Field("after"))
	if before == nil || before != after {
		return nil
	}
	return after
}

// record returns the record of an optional one.
func record(t *avrotype.Type) *avrotype.Type {
	if t == nil {
		return nil
	}
	value, _, ok := t.Optional()
	if !ok || value.Kind != avrotype.Record {
		return nil
	}
	return value
}

func (e *Envelope) addKey(key []byte) error {
	var err error
	if e.Key, err = avrotype.Parse(key); err != nil {
		return err
	}
	if e.Key.Kind != avrotype.Record || len(e.Key.Fields) == 0 {
		return fmt.Errorf("schema %v %w", e.Key, errKey)
	}
	if e.KeyColumns, err = columnsOf(e.Key, 1); err != nil {
		return err
	}
	for i := range e.KeyColumns {
		k := &e.KeyColumns[i]
		at := slices.IndexFunc(e.Columns, func(c Column) bool { return c.Field == k.Field })
		if at < 0 || e.Columns[at].Form != k.Form || e.Columns[at].Type != k.Type {
			return fmt.Errorf("key field %q is not a column of the row: let the key be made of columns of the table", k.Field)
		}
		k.Key, e.Columns[at].Key = true, true
	}
	return nil
}

// keyTypes are the types that a primary key, and clustering, may have.
var keyTypes = []bigquery.FieldType{
	bigquery.StringFieldType, bigquery.BytesFieldType, bigquery.IntegerFieldType, bigquery.BooleanFieldType, bigquery.TimestampFieldType,
	bigquery.DateFieldType, bigquery.DateTimeFieldType, bigquery.NumericFieldType, bigquery.BigNumericFieldType,
}

// CanKey says whether BigQuery takes the column in a primary key.
func (c *Column) CanKey() bool { return !c.Repeated && slices.Contains(keyTypes, c.Type) }
