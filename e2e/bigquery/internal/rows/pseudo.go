package rows

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

const (
	changeType     = "_CHANGE_TYPE"
	changeSequence = "_CHANGE_SEQUENCE_NUMBER"
)

// pseudo finds the columns that steer change data capture. They exist only where the table has a key; elsewhere they
// are fields like any other that the table does not have.
func (p *Plan) pseudo(skip map[protoreflect.FieldNumber]bool) error {
	for i := range p.msg.Fields().Len() {
		fd := p.msg.Fields().Get(i)
		switch {
		case strings.EqualFold(columnName(fd), changeType):
			p.kind = fd
		case strings.EqualFold(columnName(fd), changeSequence):
			p.sequence = fd
		default:
			continue
		}
		if fd.Kind() != protoreflect.StringKind || fd.IsList() {
			return refusef("Field %s must be a string, found %s", columnName(fd), fd.Kind())
		}
		skip[fd.Number()] = true
	}
	if p.sequence != nil && (p.kind == nil || !p.isChange) {
		return refusef("%s is valid only together with %s on the default stream", changeSequence, changeType)
	}
	return nil
}

// change reads the pseudo columns of a row.
func (p *Plan) change(m protoreflect.Message, row warehouse.Row) (warehouse.Change, error) {
	if p.kind == nil {
		return warehouse.NewChange(warehouse.Insert, "", row)
	}
	kind := m.Get(p.kind).String()
	if !p.isChange {
		if kind != "" && kind != warehouse.Insert {
			return warehouse.Change{}, refusef("The given value is not a valid CHANGE_TYPE in insert mode: %s", kind)
		}
		return warehouse.NewChange(warehouse.Insert, "", row)
	}
	if kind != warehouse.Upsert && kind != warehouse.Delete {
		return warehouse.Change{}, refusef("The given value is not a valid CHANGE_TYPE: %q, expected UPSERT or DELETE", kind)
	}
	for _, k := range p.key {
		if row[k] == nil {
			return warehouse.Change{}, refusef("Primary key column %s is not set in a row with CHANGE_TYPE %s", k, kind)
		}
	}
	if p.sequence == nil || !m.Has(p.sequence) {
		return warehouse.NewChange(kind, "", row)
	}
	text := m.Get(p.sequence).String()
	if _, err := warehouse.ParseSequence(text); err != nil {
		return warehouse.Change{}, err
	}
	return warehouse.NewChange(kind, text, row)
}
