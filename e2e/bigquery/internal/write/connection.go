package write

import (
	"errors"
	"io"
	"strings"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/leat-io/leat/e2e/bigquery/internal/rows"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// connection is what one AppendRows call remembers between requests.
type connection struct {
	service  *Service
	current  *destination
	switched bool // more than one stream was written: every request must name its stream from then on
	defaults bool // the last default_missing_value_interpretation was DEFAULT_VALUE
}

// destination is the stream being written, with the writer's schema and the plan for the table's schema.
type destination struct {
	name    string
	ref     warehouse.TableRef
	id      string
	writer  *descriptorpb.DescriptorProto
	plan    *rows.Plan
	version int // of the table's schema that plan is for
	told    int // of the table's schema that the client knows
}

// AppendRows answers each request in order. An error that concerns one request is part of its answer; one that breaks
// the rules of the connection ends it.
func (s *Service) AppendRows(stream storagepb.BigQueryWrite_AppendRowsServer) error {
	c := &connection{service: s}
	for {
		req, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := c.route(req); err != nil {
			return err
		}
		resp, err := c.append(stream.Context(), req)
		if err != nil {
			return err
		}
		resp.WriteStream = c.current.name
		if err := stream.Send(resp); err != nil {
			return err
		}
	}
}

// route finds the destination of a request.
func (c *connection) route(req *storagepb.AppendRowsRequest) error {
	name, writer := req.GetWriteStream(), req.GetProtoRows().GetWriterSchema().GetProtoDescriptor()
	if name == "" && (c.current == nil || c.switched) {
		return status.Error(codes.InvalidArgument, "Field write_stream must be set on the first request of a connection, and on every request of one that writes to several streams")
	}
	if name == "" || c.current != nil && name == c.current.name {
		return c.rewrite(writer)
	}
	ref, id, err := warehouse.ParseStreamPath(name)
	if err != nil {
		return statusOf(err, name).Err()
	}
	if c.current != nil && (id != warehouse.DefaultStream || c.current.id != warehouse.DefaultStream) {
		return status.Errorf(codes.InvalidArgument, "Cannot switch from stream %s to %s within a connection: only default streams can be multiplexed", c.current.name, name)
	}
	if writer == nil && req.GetArrowRows() == nil {
		return status.Errorf(codes.InvalidArgument, "Field writer_schema must be set on the first request to stream %s, and again whenever the connection switches to it", name)
	}
	c.switched = c.current != nil
	c.current = &destination{name: name, ref: ref, id: id, writer: writer, version: -1, told: -1}
	return nil
}

// rewrite takes a new writer schema on the same stream: default streams take it, others ignore it.
func (c *connection) rewrite(writer *descriptorpb.DescriptorProto) error {
	d := c.current
	if writer == nil || d.id != warehouse.DefaultStream || proto.Equal(writer, d.writer) {
		return nil
	}
	d.writer, d.plan, d.told = writer, nil, -1
	return nil
}

// table is the destination as fault rules name it.
func (d *destination) table() string { return strings.Join([]string{d.ref.Dataset, d.ref.Table}, ".") }
