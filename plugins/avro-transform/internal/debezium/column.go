package debezium

import (
	"strconv"

	"github.com/leat-io/leat/sdk"
)

// column is a field of a Key or Value record.
type column struct {
	field    string
	typ      connectType
	nullable bool
	// defaultJSON is nil if there is none, or it is null.
	defaultJSON []byte
}

func newColumn(field string, c *sdk.Column) (column, error) {
	typ, err := typeOf(c)
	if err != nil {
		return column{}, err
	}
	def, err := defaultOf(c)
	return column{field: field, typ: typ, nullable: c.Nullable, defaultJSON: def}, err
}

func (c *column) print(p *printer) {
	typ := func() { c.typ.print(p, c.defaultJSON) }
	switch {
	case c.nullable && c.defaultJSON == nil:
		p.nullable(typ, c.field)
	case c.nullable:
		p.field(c.field, func() {
			p.open('[')
			typ()
			p.string("null")
			p.close(']')
		}, c.defaultJSON)
	default:
		p.field(c.field, typ, c.defaultJSON)
	}
}

// connectType is an Avro type with what Kafka Connect says of it.
type connectType struct {
	avro sdk.Type
	// name of the semantic type, empty if there is none.
	name       string
	parameters []parameter
	// short is set for Connect's 16-bit integers.
	short   bool
	decimal *decimal
}

type parameter struct{ key, value string }

type decimal struct{ scale, precision int }

func (t *connectType) print(p *printer, defaultJSON []byte) {
	switch t.avro {
	case sdk.Geometry:
		geometry(p)
		return
	case sdk.Point:
		point(p)
		return
	}
	if t.name == "" && !t.short && defaultJSON == nil {
		p.string(string(t.avro))
		return
	}
	p.open('{')
	t.printKind(p)
	t.printConnect(p, defaultJSON)
	p.close('}')
}

func (t *connectType) printKind(p *printer) {
	if t.avro == sdk.Vector {
		p.property("type", "array")
		p.property("items", "float")
		return
	}
	p.property("type", string(t.avro))
	if t.decimal != nil {
		p.number("scale", t.decimal.scale)
		p.number("precision", t.decimal.precision)
	}
}

// printConnect keeps the order in which AvroData sets the properties.
func (t *connectType) printConnect(p *printer, defaultJSON []byte) {
	if t.name != "" {
		p.number("connect.version", 1)
	}
	if len(t.parameters) > 0 {
		p.key("connect.parameters")
		p.open('{')
		for _, param := range t.parameters {
			p.property(param.key, param.value)
		}
		p.close('}')
	}
	if defaultJSON != nil {
		p.json("connect.default", defaultJSON)
	}
	if t.name != "" {
		p.property("connect.name", t.name)
	}
	if t.short {
		p.property("connect.type", "int16")
	}
	if t.decimal != nil {
		p.property("logicalType", "decimal")
	}
}

func decimalType(precision, scale int) connectType {
	return connectType{
		avro: sdk.Bytes, name: "org.apache.kafka.connect.data.Decimal", decimal: &decimal{scale: scale, precision: precision},
		parameters: []parameter{{"scale", strconv.Itoa(scale)}, {"connect.decimal.precision", strconv.Itoa(precision)}},
	}
}
