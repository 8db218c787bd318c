package bigquery_test

import (
	"strings"
	"testing"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"cloud.google.com/go/bigquery/storage/managedwriter/adapt"
	"google.golang.org/api/option"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/leat-io/leat/e2e/bigquery"
)

const project, dataset = "test-project", "shop"

// env is a stand-in with the real clients connected to it.
type env struct {
	*bigquery.Server
	rest  *gbq.Client
	write *managedwriter.Client
}

func start(t *testing.T, o bigquery.Options, extra ...option.ClientOption) *env {
	t.Helper()
	s, err := bigquery.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	e := &env{Server: s}
	if e.rest, err = gbq.NewClient(t.Context(), project, s.RESTOptions()...); err != nil {
		t.Fatal(err)
	}
	if e.write, err = managedwriter.NewClient(t.Context(), project, append(s.WriteOptions(), extra...)...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = e.write.Close() // reports io.EOF for streams that were closed before
		if err := e.rest.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := e.rest.Dataset(dataset).Create(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// create makes a table with the given primary key, which may be empty.
func (e *env) create(t *testing.T, name string, schema gbq.Schema, key ...string) *gbq.Table {
	t.Helper()
	meta := &gbq.TableMetadata{Schema: schema}
	if len(key) > 0 {
		meta.TableConstraints = &gbq.TableConstraints{PrimaryKey: &gbq.PrimaryKey{Columns: key}}
	}
	table := e.rest.Dataset(dataset).Table(name)
	if err := table.Create(t.Context(), meta); err != nil {
		t.Fatal(err)
	}
	return table
}

func path(table string) string { return managedwriter.TableParentFromParts(project, dataset, table) }

// writer is a managed stream with the message type that its rows are encoded by.
type writer struct {
	*managedwriter.ManagedStream
	msg protoreflect.MessageDescriptor
}

func (e *env) writer(t *testing.T, table string, kind managedwriter.StreamType, schema gbq.Schema, opts ...managedwriter.WriterOption) *writer {
	t.Helper()
	msg, desc := message(t, schema)
	opts = append([]managedwriter.WriterOption{
		managedwriter.WithDestinationTable(path(table)), managedwriter.WithType(kind), managedwriter.WithSchemaDescriptor(desc),
	}, opts...)
	ms, err := e.write.NewManagedStream(t.Context(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ms.Close() }) // reports io.EOF when all is well
	return &writer{ManagedStream: ms, msg: msg}
}

// message builds a writer schema as a sink does: decimals and civil times as strings.
func message(t *testing.T, schema gbq.Schema) (protoreflect.MessageDescriptor, *descriptorpb.DescriptorProto) {
	t.Helper()
	ss, err := adapt.BQSchemaToStorageTableSchema(schema)
	if err != nil {
		t.Fatal(err)
	}
	var opts []adapt.ProtoConversionOption
	for _, typ := range []storagepb.TableFieldSchema_Type{
		storagepb.TableFieldSchema_NUMERIC, storagepb.TableFieldSchema_BIGNUMERIC,
		storagepb.TableFieldSchema_DATETIME, storagepb.TableFieldSchema_TIME,
	} {
		opts = append(opts, adapt.WithProtoMapping(adapt.ProtoMapping{FieldType: typ, Type: descriptorpb.FieldDescriptorProto_TYPE_STRING}))
	}
	d, err := adapt.StorageSchemaToProtoDescriptorWithOptions(ss, "root", opts...)
	if err != nil {
		t.Fatal(err)
	}
	msg := d.(protoreflect.MessageDescriptor)
	desc, err := adapt.NormalizeDescriptor(msg)
	if err != nil {
		t.Fatal(err)
	}
	return msg, desc
}

// rows encodes rows given by column.
func (w *writer) rows(t *testing.T, rows ...map[string]any) [][]byte {
	t.Helper()
	out := make([][]byte, len(rows))
	for i, r := range rows {
		m := dynamicpb.NewMessage(w.msg)
		for name, v := range r {
			m.Set(w.msg.Fields().ByName(protoreflect.Name(name)), protoreflect.ValueOf(v))
		}
		var err error
		if out[i], err = proto.Marshal(m); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// append writes rows and waits for the answer.
func (w *writer) append(t *testing.T, rows ...map[string]any) error {
	t.Helper()
	_, err := w.send(t, w.rows(t, rows...))
	return err
}

func (w *writer) send(t *testing.T, data [][]byte, opts ...managedwriter.AppendOption) (*storagepb.AppendRowsResponse, error) {
	t.Helper()
	res, err := w.AppendRows(t.Context(), data, opts...)
	if err != nil {
		return nil, err
	}
	return res.FullResponse(t.Context())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tableName derives a name from the subtest.
func tableName(t *testing.T) string {
	t.Helper()
	return strings.Map(func(r rune) rune {
		if r == '/' || r == ' ' || r == ',' {
			return '_'
		}
		return r
	}, t.Name())
}

// optional makes every column NULLABLE, so that the writer's message can leave out what the table requires.
func optional(s gbq.Schema) gbq.Schema {
	out := make(gbq.Schema, len(s))
	for i, f := range s {
		g := *f
		g.Required = false
		out[i] = &g
	}
	return out
}

// reason is the message of the first row error, or of the error.
func reason(resp *storagepb.AppendRowsResponse, err error) string {
	if rows := resp.GetRowErrors(); len(rows) > 0 {
		return rows[0].GetMessage()
	}
	return status.Convert(err).Message()
}
