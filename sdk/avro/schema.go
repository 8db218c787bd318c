package avro

import (
	"fmt"

	"github.com/hamba/avro/v2"
)

// Schema is a parsed Avro schema.
type Schema struct{ parsed avro.Schema }

// Parse reads a schema's JSON. Names in it are known to it alone: schemas of
// several versions are parsed side by side.
func Parse(schema string) (*Schema, error) {
	s, err := avro.ParseWithCache(schema, "", &avro.SchemaCache{})
	if err != nil {
		return nil, fmt.Errorf("parse Avro schema: %w", err)
	}
	return &Schema{parsed: s}, nil
}

// Decode reads a value: records are maps by field name, unions the value of
// their branch. It is made for people and tests; plugins read by a plan.
func (s *Schema) Decode(b []byte) (any, error) {
	var v any
	r := NewReader(b) // avro.Unmarshal takes bytes that end too early for an end
	r.ReadVal(s.parsed, &v)
	if r.Error != nil {
		return nil, fmt.Errorf("decode Avro value: %w", r.Error)
	}
	return v, nil
}

// CanRead says why a reader with this schema cannot read what was written with
// another, by the resolution rules of the Avro specification; nil if it can.
func (s *Schema) CanRead(writer *Schema) error {
	return avro.NewSchemaCompatibility().Compatible(s.parsed, writer.parsed)
}
