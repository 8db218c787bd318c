package row

import (
	"fmt"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter/adapt"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

// The columns by which BigQuery takes changes; they are no part of a table.
const (
	changeType     = "_CHANGE_TYPE"
	changeSequence = "_CHANGE_SEQUENCE_NUMBER"
)

// The columns that a log of changes has before those of the row.
const (
	LogOp    = "_leat_op"
	LogTime  = "_leat_ts"
	LogOrder = "_leat_order"
)

// LogColumns are those columns.
func LogColumns() bigquery.Schema {
	return bigquery.Schema{
		{Name: LogOp, Type: bigquery.StringFieldType, Description: "What happened: c create, u update, d delete, r found by a snapshot, t the whole table was emptied."},
		{Name: LogTime, Type: bigquery.TimestampFieldType, Description: "When the source committed it."},
		{Name: LogOrder, Type: bigquery.StringFieldType, Description: "Sorts the changes of one key, and is the same when a change is written twice."},
	}
}

// texts are the types that are written as text, which shows what is meant.
var texts = []storagepb.TableFieldSchema_Type{
	storagepb.TableFieldSchema_NUMERIC, storagepb.TableFieldSchema_BIGNUMERIC, storagepb.TableFieldSchema_DATETIME,
}

// message makes the message of rows. Nothing in it is required, so that a delete
// may have the key alone; the table's own modes count.
func message(columns []schema.Column, extra bigquery.Schema) (protoreflect.MessageDescriptor, *descriptorpb.DescriptorProto, error) {
	table := optional(append(schema.Fields(columns), extra...))
	storage, err := adapt.BQSchemaToStorageTableSchema(table)
	if err != nil {
		return nil, nil, fmt.Errorf("describe columns: %w", err)
	}
	opts := make([]adapt.ProtoConversionOption, len(texts))
	for i, t := range texts {
		opts[i] = adapt.WithProtoMapping(adapt.ProtoMapping{FieldType: t, Type: descriptorpb.FieldDescriptorProto_TYPE_STRING})
	}
	d, err := adapt.StorageSchemaToProtoDescriptorWithOptions(storage, "row", opts...)
	if err != nil {
		return nil, nil, fmt.Errorf("describe rows: %w", err)
	}
	msg, ok := d.(protoreflect.MessageDescriptor)
	if !ok {
		return nil, nil, fmt.Errorf("describe rows: got %T, not a message", d)
	}
	normal, err := adapt.NormalizeDescriptor(msg)
	if err != nil {
		return nil, nil, fmt.Errorf("describe rows: %w", err)
	}
	return msg, normal, nil
}

func optional(fields bigquery.Schema) bigquery.Schema {
	out := make(bigquery.Schema, len(fields))
	for i, f := range fields {
		g := *f
		g.Required = false
		g.Schema = optional(f.Schema)
		out[i] = &g
	}
	return out
}
