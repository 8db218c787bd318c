// Package avrotype reads Avro schemas as the sink needs them: what a value's
// bytes look like, and which column type the annotations of Kafka Connect and
// Avro's logical types stand for.
//
// It reads no values and keeps no defaults or documentation. Start reading at
// Parse.
package avrotype

// Kind is how a value is encoded.
type Kind byte

// The kinds.
const (
	Null Kind = iota + 1
	Boolean
	Int
	Long
	Float
	Double
	Bytes
	String
	Enum
	Fixed
	Record
	Array
	Map
	Union
)

var kindNames = map[Kind]string{
	Null: "null", Boolean: "boolean", Int: "int", Long: "long", Float: "float", Double: "double", Bytes: "bytes",
	String: "string", Enum: "enum", Fixed: "fixed", Record: "record", Array: "array", Map: "map", Union: "union",
}

// String returns the kind as a schema spells it.
func (k Kind) String() string { return kindNames[k] }

// Type is a node of a schema. Named types that are used again are the same
// pointer, so a schema may have cycles.
type Type struct {
	Kind Kind
	// Name is the full name of a record, enum or fixed.
	Name string
	// Connect is the semantic type that Kafka Connect names, Logical Avro's own.
	Connect, Logical string
	// Precision and Scale of a decimal.
	Precision, Scale int
	// Size of a fixed.
	Size int
	// Symbols of an enum.
	Symbols []string
	// Fields of a record.
	Fields []Field
	// Items of an array or map.
	Items *Type
	// Branches of a union.
	Branches []*Type
}

// Field of a record.
type Field struct {
	Name string
	Type *Type
}

// Field returns the record's field of that name, nil if there is none.
func (t *Type) Field(name string) *Type {
	for _, f := range t.Fields {
		if f.Name == name {
			return f.Type
		}
	}
	return nil
}

// NotIndex is the index of no branch.
const NotIndex = -1

// Optional takes a union of null and one type apart: it returns that type and
// the index that stands for it. A type that is no union is returned as it is,
// with NotIndex; ok is false for all other unions.
func (t *Type) Optional() (value *Type, index int64, ok bool) {
	if t.Kind != Union {
		return t, NotIndex, true
	}
	if len(t.Branches) != 2 {
		return nil, NotIndex, false
	}
	for i, b := range t.Branches {
		if b.Kind == Null && t.Branches[1-i].Kind != Null {
			return t.Branches[1-i], int64(1 - i), true
		}
	}
	return nil, NotIndex, false
}

// String describes the type in an error message.
func (t *Type) String() string {
	switch {
	case t.Connect != "":
		return t.Connect
	case t.Logical != "":
		return t.Kind.String() + " (" + t.Logical + ")"
	case t.Name != "":
		return t.Kind.String() + " " + t.Name
	}
	return t.Kind.String()
}
