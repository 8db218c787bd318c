package sdk

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
)

// SchemaID names a schema within a pipeline. It is derived from the schema's
// content, so the same schema has the same id in every process and after every
// restart. 0 means none.
type SchemaID uint64

// String returns the id as it is printed.
func (id SchemaID) String() string { return strconv.FormatUint(uint64(id), 16) }

// RowSchema says how the rows of a table are encoded: as Avro binary, one column
// after the other in order.
type RowSchema struct {
	Database string   `json:"database"`
	Table    string   `json:"table"`
	Columns  []Column `json:"columns"`
	// Key has the indexes of the key's columns in the order of the key; none if
	// the table has no key. A row's key is those columns, encoded alike.
	Key []int `json:"key,omitempty"`
}

// Column of a row.
type Column struct {
	Name string `json:"name"`
	// Type is the Avro type of the value.
	Type Type `json:"type"`
	// Nullable columns are a union of null and the type. The type comes first in
	// it, with index 0, if the column has a default that is not null.
	Nullable bool `json:"nullable,omitempty"`
	// Default in Avro's JSON form, nil if there is none or it is null.
	Default json.RawMessage `json:"default,omitempty"`
	// Native is the column's type in the source.
	Native NativeType `json:"native"`
}

// ValueIndex is the index in a nullable column's union that stands for a value.
func (c *Column) ValueIndex() int64 {
	if c.Default != nil {
		return 0
	}
	return 1
}

// Type is the Avro type of a column's value.
type Type string

// The types. Geometry, Point and Vector are the structures Debezium has for them.
const (
	Boolean Type = "boolean"
	Int     Type = "int"
	Long    Type = "long"
	Float   Type = "float"
	Double  Type = "double"
	String  Type = "string"
	Bytes   Type = "bytes"
	// Geometry is wkb (bytes) and srid (union of null and int).
	Geometry Type = "geometry"
	// Point is x and y (double), wkb (union of null and bytes) and srid (union of
	// null and int).
	Point Type = "point"
	// Vector is an array of float.
	Vector Type = "vector"
)

// NativeType is a column's type as the source declares it.
type NativeType struct {
	// Name in upper case without arguments: "BIGINT", "DECIMAL", "DATETIME".
	Name string `json:"name"`
	// Length is the number in brackets (precision, display width, fractional
	// digits of a time), -1 if not given.
	Length int `json:"length"`
	// Scale is the second number in brackets, -1 if not given.
	Scale    int  `json:"scale"`
	Unsigned bool `json:"unsigned,omitempty"`
	// Values of an ENUM or SET.
	Values []string `json:"values,omitempty"`
}

// MessageSchema is the Avro schema of a message's key or value.
type MessageSchema struct {
	// Subject in the schema registry.
	Subject string `json:"subject"`
	// Registered is the id that the registry gave, and that the bytes carry.
	Registered int32 `json:"registered"`
	// Avro is the schema.
	Avro json.RawMessage `json:"avro"`
	// Row is the schema of the rows that a value tells of, column by column those
	// of its before and after; nil if there is none. It has what the bytes do not
	// say: the table's database and name apart, and the source's own types.
	Row *RowSchema `json:"row,omitempty"`
}

// Schema is the payload of a schema frame: one of the two kinds.
type Schema struct {
	Row     *RowSchema     `json:"row,omitempty"`
	Message *MessageSchema `json:"message,omitempty"`
}

// Encode returns the schema's JSON and the id that follows from it. It refuses
// one that receivers could not read.
func (s Schema) Encode() ([]byte, SchemaID, error) {
	if err := s.check(); err != nil {
		return nil, 0, invalid("%w", err)
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, 0, fmt.Errorf("encode schema: %w", err)
	}
	sum := sha256.Sum256(b)
	return b, SchemaID(binary.LittleEndian.Uint64(sum[:]) | 1), nil
}

// ParseSchema reads a schema's JSON.
func ParseSchema(b []byte) (Schema, error) {
	var s Schema
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("parse schema: %w", err)
	}
	if err := s.check(); err != nil {
		return s, fmt.Errorf("parse schema: %w in %.80s", err, b)
	}
	return s, nil
}
