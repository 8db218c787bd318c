package write

import (
	"context"
	"maps"
	"slices"
	"time"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/bigquery/internal/rows"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

const rowErrorsMessage = "Errors found while processing rows. Please refer to the row_errors field for details. The list may not be complete because of the size limitations."

// append carries out one request with the fault planned for it; an error ends the connection.
func (c *connection) append(ctx context.Context, req *storagepb.AppendRowsRequest) (*storagepb.AppendRowsResponse, error) {
	o := c.service.Faults.Next(fault.AppendRows, c.current.table())
	failed := status.New(o.Code, o.Message)
	if o.Code != codes.OK && !o.Applied {
		return answer(failed, o.Break)
	}
	resp := c.try(req, o)
	if err := wait(ctx, o); err != nil {
		return nil, err
	}
	if codes.Code(resp.GetError().GetCode()) == codes.PermissionDenied { // which ends a connection, whatever else is on its way
		return nil, status.FromProto(resp.GetError()).Err()
	}
	if o.Code != codes.OK {
		return answer(failed, o.Break)
	}
	return resp, nil
}

// try carries out one request; what goes wrong becomes part of the answer.
func (c *connection) try(req *storagepb.AppendRowsRequest, o fault.Outcome) *storagepb.AppendRowsResponse {
	if err := c.check(req); err != nil {
		return refused(err, c.current.name)
	}
	if len(o.Rows) > 0 {
		return rowErrors(o.Rows)
	}
	version, fields, err := c.prepare(req)
	if err != nil {
		return refused(err, c.current.name)
	}
	changes, bad := c.decode(req.GetProtoRows().GetRows().GetSerializedRows())
	if len(bad) > 0 {
		return rowErrors(bad)
	}
	start, err := c.apply(req.GetOffset(), changes)
	if err != nil {
		return refused(err, c.current.name)
	}
	resp := accepted(start)
	if o.Signal || version > c.current.told {
		resp.UpdatedSchema = storageSchema(fields)
		c.current.told = version
	}
	return resp
}

// check refuses what no table would take.
func (c *connection) check(req *storagepb.AppendRowsRequest) error {
	if n := proto.Size(req); n >= c.service.MaxRequest {
		return status.Errorf(codes.InvalidArgument, "AppendRows request too large: %d limit %d", n, c.service.MaxRequest)
	}
	if req.GetArrowRows() != nil {
		return status.Error(codes.Unimplemented, "The stand-in takes protocol buffer rows only, found Arrow rows")
	}
	return nil
}

// prepare brings the plan up to the schema that writers see now, and returns that schema and its version.
func (c *connection) prepare(req *storagepb.AppendRowsRequest) (version int, fields []*bq.TableFieldSchema, err error) {
	d := c.current
	var key []string
	c.service.Guard.Do(func(w *warehouse.Warehouse, now time.Time) {
		var t *warehouse.Table
		if t, fields, version, err = w.Taken(d.ref, now); err != nil {
			return
		}
		key = t.PrimaryKey()
		_, err = t.Stream(d.id)
	})
	if err != nil {
		return 0, nil, err
	}
	if err := c.checkDefaults(req, fields); err != nil {
		return 0, nil, err
	}
	if d.told < 0 {
		d.told = version
	}
	if d.plan != nil && d.version == version && d.plan.HasKey(key) {
		return version, fields, nil
	}
	d.plan, err = rows.NewPlan(d.writer, rows.Target{Fields: fields, Key: key, Default: d.id == warehouse.DefaultStream})
	d.version = version
	return version, fields, err
}

// checkDefaults refuses to leave a value to a default expression, which the stand-in cannot evaluate.
func (c *connection) checkDefaults(req *storagepb.AppendRowsRequest, fields []*bq.TableFieldSchema) error {
	const useDefault = storagepb.AppendRowsRequest_DEFAULT_VALUE
	if v := req.GetDefaultMissingValueInterpretation(); v != storagepb.AppendRowsRequest_MISSING_VALUE_INTERPRETATION_UNSPECIFIED {
		c.defaults = v == useDefault
	}
	for _, f := range fields {
		v, ok := req.GetMissingValueInterpretations()[f.Name]
		if f.DefaultValueExpression != "" && (v == useDefault || !ok && c.defaults) {
			return status.Errorf(codes.Unimplemented, "The stand-in does not evaluate the default value %q of column %s", f.DefaultValueExpression, f.Name)
		}
	}
	return nil
}

func (c *connection) decode(serialized [][]byte) ([]warehouse.Change, map[int]string) {
	changes, bad := make([]warehouse.Change, len(serialized)), map[int]string{}
	for i, data := range serialized {
		var err error
		if changes[i], err = c.current.plan.Decode(data); err != nil {
			bad[i] = err.Error()
		}
	}
	return changes, bad
}

func (c *connection) apply(offset *wrapperspb.Int64Value, changes []warehouse.Change) (start int64, err error) {
	var at *int64
	if offset != nil {
		at = &offset.Value
	}
	c.service.Guard.Do(func(w *warehouse.Warehouse, now time.Time) {
		var t *warehouse.Table
		if t, err = w.Table(c.current.ref); err == nil {
			start, err = t.Append(c.current.id, at, changes, now)
		}
	})
	return start, err
}

func accepted(start int64) *storagepb.AppendRowsResponse {
	result := &storagepb.AppendRowsResponse_AppendResult{}
	if start >= 0 {
		result.Offset = wrapperspb.Int64(start)
	}
	return &storagepb.AppendRowsResponse{Response: &storagepb.AppendRowsResponse_AppendResult_{AppendResult: result}}
}

func answer(s *status.Status, end bool) (*storagepb.AppendRowsResponse, error) {
	if end {
		return nil, s.Err()
	}
	return &storagepb.AppendRowsResponse{Response: &storagepb.AppendRowsResponse_Error{Error: s.Proto()}}, nil
}

func refused(err error, entity string) *storagepb.AppendRowsResponse {
	return &storagepb.AppendRowsResponse{Response: &storagepb.AppendRowsResponse_Error{Error: statusOf(err, entity).Proto()}}
}

func rowErrors(bad map[int]string) *storagepb.AppendRowsResponse {
	resp := &storagepb.AppendRowsResponse{
		Response: &storagepb.AppendRowsResponse_Error{Error: status.New(codes.InvalidArgument, rowErrorsMessage).Proto()},
	}
	for _, i := range slices.Sorted(maps.Keys(bad)) {
		resp.RowErrors = append(resp.RowErrors, &storagepb.RowError{Index: int64(i), Code: storagepb.RowError_FIELDS_ERROR, Message: bad[i]})
	}
	return resp
}
