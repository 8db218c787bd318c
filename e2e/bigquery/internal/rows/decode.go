package rows

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// Decode reads one serialized row, or says what is wrong with it.
func (p *Plan) Decode(data []byte) (warehouse.Change, error) {
	m := dynamicpb.NewMessage(p.msg)
	if err := proto.Unmarshal(data, m); err != nil {
		return warehouse.Change{}, fmt.Errorf("cannot parse the row with the writer schema: %w", err)
	}
	if len(m.GetUnknown()) > 0 {
		return warehouse.Change{}, refusef("The row has fields that the writer schema has not")
	}
	deletes := p.isChange && p.kind != nil && m.Get(p.kind).String() == warehouse.Delete
	row, err := p.root.decode(m, !deletes)
	if err != nil {
		return warehouse.Change{}, err
	}
	return p.change(m, row)
}

// decode converts the fields that are set; a delete needs no more than the key, so it is not held to REQUIRED.
func (r record) decode(m protoreflect.Message, complete bool) (warehouse.Row, error) {
	row := make(warehouse.Row, len(r.columns))
	for _, c := range r.columns {
		if !m.Has(c.field) {
			continue
		}
		v, err := c.convert(m.Get(c.field))
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", c.name, err)
		}
		row[c.name] = v
	}
	for _, name := range r.required {
		if complete && row[name] == nil {
			return nil, refusef("Field %s: Missing required value", name)
		}
	}
	return row, nil
}
