package rows

import (
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	bq "google.golang.org/api/bigquery/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// ExtraFieldsError says that the writer's schema has fields that the table has not.
type ExtraFieldsError struct{ Fields []string }

// Error words it as the service does; writers recognise the schema mismatch by it.
func (e *ExtraFieldsError) Error() string {
	return fmt.Sprintf("Input schema has more fields than BigQuery schema, extra fields: '%s'", strings.Join(e.Fields, ","))
}

// Target is what rows are written to.
type Target struct {
	Fields  []*bq.TableFieldSchema
	Key     []string // the declared primary key
	Default bool     // the default stream, the only one that takes changes
}

// Plan decodes rows of one writer schema for one target.
type Plan struct {
	msg      protoreflect.MessageDescriptor
	root     record
	key      []string
	isChange bool
	kind     protoreflect.FieldDescriptor // _CHANGE_TYPE, nil if the writer has none
	sequence protoreflect.FieldDescriptor // _CHANGE_SEQUENCE_NUMBER
}

// record converts the fields of one message.
type record struct {
	columns  []column
	required []string // columns that must be set, by name
}

type column struct {
	name    string
	field   protoreflect.FieldDescriptor
	convert converter
}

// NewPlan matches a writer schema with a target, or says why they do not fit.
func NewPlan(d *descriptorpb.DescriptorProto, to Target) (*Plan, error) {
	msg, err := compile(d)
	if err != nil {
		return nil, err
	}
	p := &Plan{msg: msg, key: to.Key, isChange: to.Default}
	skip := map[protoreflect.FieldNumber]bool{}
	if len(to.Key) > 0 {
		if err := p.pseudo(skip); err != nil {
			return nil, err
		}
	}
	p.root, err = newRecord(msg, to.Fields, "", skip)
	return p, err
}

func newRecord(msg protoreflect.MessageDescriptor, fields []*bq.TableFieldSchema, path string, skip map[protoreflect.FieldNumber]bool) (record, error) {
	var r record
	var extra []string
	for i := range msg.Fields().Len() {
		fd := msg.Fields().Get(i)
		if skip[fd.Number()] {
			continue
		}
		f := warehouse.FindField(fields, columnName(fd))
		if f == nil {
			extra = append(extra, strings.ToLower(path+columnName(fd)))
			continue
		}
		conv, err := newConverter(fd, f, path)
		if err != nil {
			return r, err
		}
		r.columns = append(r.columns, column{name: f.Name, field: fd, convert: conv})
	}
	if len(extra) > 0 {
		return r, &ExtraFieldsError{Fields: extra}
	}
	for _, f := range fields {
		if f.Mode == "REQUIRED" {
			r.required = append(r.required, f.Name)
		}
	}
	return r, r.checkRequired(path)
}

// checkRequired refuses a writer schema that could never fill a required column.
func (r record) checkRequired(path string) error {
	for _, name := range r.required {
		if !slices.ContainsFunc(r.columns, func(c column) bool { return c.name == name }) {
			return refusef("Required field %s%s is missing in the writer schema", path, name)
		}
	}
	return nil
}

// columnName is the field's name, or that of the annotation for names that are not proto identifiers.
func columnName(fd protoreflect.FieldDescriptor) string {
	if name, ok := proto.GetExtension(fd.Options(), storagepb.E_ColumnName).(string); ok && name != "" {
		return name
	}
	return string(fd.Name())
}

// HasKey reports whether the plan was made for this primary key.
func (p *Plan) HasKey(key []string) bool { return slices.Equal(p.key, key) }
