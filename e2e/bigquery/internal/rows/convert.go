package rows

import (
	"fmt"
	"strings"

	bq "google.golang.org/api/bigquery/v2"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// converter turns a field's value into a column's, or says why it cannot be one.
type converter func(protoreflect.Value) (any, error)

// newConverter picks the converter of a field, or refuses a kind that the column does not take.
func newConverter(fd protoreflect.FieldDescriptor, f *bq.TableFieldSchema, path string) (converter, error) {
	if (f.Mode == "REPEATED") != fd.IsList() {
		return nil, refusef("Proto schema mismatch: field %s%s has mode %s in BigQuery and label %s in proto", path, f.Name, f.Mode, fd.Cardinality())
	}
	one, err := single(fd, f, path)
	if err != nil || !fd.IsList() {
		return one, err
	}
	return func(v protoreflect.Value) (any, error) { return list(v.List(), one) }, nil
}

func list(l protoreflect.List, one converter) (any, error) {
	out := make([]any, l.Len())
	for i := range out {
		v, err := one(l.Get(i))
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		out[i] = v
	}
	return out, nil
}

func single(fd protoreflect.FieldDescriptor, f *bq.TableFieldSchema, path string) (converter, error) {
	if f.Type == "RECORD" {
		return nested(fd, f, path)
	}
	if fd.Kind() == protoreflect.MessageKind {
		if c := wrapped(fd.Message(), f); c != nil {
			return c, nil
		}
	}
	if c := scalar(fd, f); c != nil {
		return c, nil
	}
	return nil, unfit(fd, f, path)
}

func nested(fd protoreflect.FieldDescriptor, f *bq.TableFieldSchema, path string) (converter, error) {
	if fd.Kind() != protoreflect.MessageKind {
		return nil, unfit(fd, f, path)
	}
	r, err := newRecord(fd.Message(), f.Fields, path+f.Name+".", nil)
	return func(v protoreflect.Value) (any, error) {
		row, err := r.decode(v.Message(), true)
		for _, sub := range f.Fields {
			if _, ok := row[sub.Name]; !ok && row != nil {
				row[sub.Name] = nil
			}
		}
		return row, err
	}, err
}

// wrapped converts the well-known types that stand for a scalar.
func wrapped(msg protoreflect.MessageDescriptor, f *bq.TableFieldSchema) converter {
	name := string(msg.FullName())
	if name == "google.protobuf.Timestamp" && f.Type == "TIMESTAMP" {
		return func(v protoreflect.Value) (any, error) {
			m, fields := v.Message(), msg.Fields()
			return timestamp(m.Get(fields.ByNumber(1)).Int(), m.Get(fields.ByNumber(2)).Int())
		}
	}
	if !strings.HasPrefix(name, "google.protobuf.") || !strings.HasSuffix(name, "Value") || f.Type == "TIMESTAMP" {
		return nil
	}
	value := msg.Fields().ByName("value")
	if value == nil {
		return nil
	}
	c := scalar(value, f)
	if c == nil {
		return nil
	}
	return func(v protoreflect.Value) (any, error) { return c(v.Message().Get(value)) }
}

func unfit(fd protoreflect.FieldDescriptor, f *bq.TableFieldSchema, path string) error {
	return refusef("The proto field mismatched with BigQuery field at %s.%s%s, the proto field type %s, BigQuery field type %s", fd.Parent().Name(), path, f.Name, fd.Kind(), f.Type)
}
