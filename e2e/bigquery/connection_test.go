package bigquery_test

import (
	"testing"

	gbq "cloud.google.com/go/bigquery"
	storage "cloud.google.com/go/bigquery/storage/apiv1"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery"
)

// The rules of one AppendRows connection, below what managedwriter lets through. "It must be provided in the first
// request … and in all subsequent requests if you use the same connection to write to multiple tables"; writer_schema
// "must be specified at the initial request". AppendRowsRequest in storage.proto
func TestConnection(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "a", notes)
	e.create(t, "b", notes)
	e.create(t, "d", gbq.Schema{{Name: "n", Type: gbq.IntegerFieldType, DefaultValueExpression: "7"}})
	raw, err := storage.NewBigQueryWriteClient(t.Context(), e.WriteOptions()...)
	must(t, err)
	t.Cleanup(func() { must(t, raw.Close()) })
	own, err := e.write.CreateWriteStream(t.Context(), &storagepb.CreateWriteStreamRequest{
		Parent: path("a"), WriteStream: &storagepb.WriteStream{Type: storagepb.WriteStream_COMMITTED},
	})
	must(t, err)

	a, b, d := path("a")+"/streams/_default", path("b")+"/streams/_default", path("d")+"/streams/_default"
	with, without := request(t, true), request(t, false)
	tests := map[string]struct {
		requests []*storagepb.AppendRowsRequest
		want     []codes.Code
	}{
		"schema and stream once":          {[]*storagepb.AppendRowsRequest{with(a), without("")}, []codes.Code{codes.OK, codes.OK}},
		"no stream":                       {[]*storagepb.AppendRowsRequest{with("")}, []codes.Code{codes.InvalidArgument}},
		"no schema":                       {[]*storagepb.AppendRowsRequest{without(a)}, []codes.Code{codes.InvalidArgument}},
		"not a stream's name":             {[]*storagepb.AppendRowsRequest{with("a")}, []codes.Code{codes.InvalidArgument}},
		"switching tables":                {[]*storagepb.AppendRowsRequest{with(a), with(b), without(b), with(a)}, []codes.Code{0, 0, 0, 0}},
		"switching without schema":        {[]*storagepb.AppendRowsRequest{with(a), without(b)}, []codes.Code{0, codes.InvalidArgument}},
		"switching, then no stream":       {[]*storagepb.AppendRowsRequest{with(a), with(b), without("")}, []codes.Code{0, 0, codes.InvalidArgument}},
		"switching from a created stream": {[]*storagepb.AppendRowsRequest{with(own.GetName()), with(a)}, []codes.Code{0, codes.InvalidArgument}},
		"no table ends the connection":    {[]*storagepb.AppendRowsRequest{with(path("no") + "/streams/_default")}, []codes.Code{codes.PermissionDenied}},
		"arrow":                           {[]*storagepb.AppendRowsRequest{{WriteStream: a, Rows: &storagepb.AppendRowsRequest_ArrowRows{}}}, []codes.Code{codes.Unimplemented}},
		"default value":                   {[]*storagepb.AppendRowsRequest{defaults(with(d)), without("")}, []codes.Code{codes.Unimplemented, codes.Unimplemented}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			stream, err := raw.AppendRows(t.Context())
			must(t, err)
			for i, req := range tt.requests {
				must(t, stream.Send(req))
				resp, err := stream.Recv()
				got := status.Code(err)
				if err == nil {
					got = codes.Code(resp.GetError().GetCode())
				}
				if got != tt.want[i] {
					t.Errorf("request %d: got %s, want %s; %v %v", i, got, tt.want[i], err, resp.GetError())
				}
			}
			must(t, stream.CloseSend())
		})
	}
}

// request makes requests of one row.
func request(t *testing.T, schema bool) func(stream string) *storagepb.AppendRowsRequest {
	t.Helper()
	msg, desc := message(t, notes)
	data := &storagepb.AppendRowsRequest_ProtoData{Rows: &storagepb.ProtoRows{SerializedRows: (&writer{msg: msg}).rows(t, note(1)...)}}
	if schema {
		data.WriterSchema = &storagepb.ProtoSchema{ProtoDescriptor: desc}
	}
	return func(stream string) *storagepb.AppendRowsRequest {
		return &storagepb.AppendRowsRequest{WriteStream: stream, Rows: &storagepb.AppendRowsRequest_ProtoRows{ProtoRows: data}}
	}
}

func defaults(r *storagepb.AppendRowsRequest) *storagepb.AppendRowsRequest {
	r.DefaultMissingValueInterpretation = storagepb.AppendRowsRequest_DEFAULT_VALUE
	return r
}

// Rows of created streams are inserted, and INSERT is their only change type: testSimpleCDC of managedwriter's own
// integration tests writes it to a COMMITTED stream, and CDC's documented prerequisite is the default stream.
func TestInsertMode(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", people, "id")
	schema := withChange(people)[:3]
	w := e.writer(t, "t", managedwriter.CommittedStream, schema)
	must(t, w.append(t, change("INSERT", "", row{"id": int64(1)}), row{"id": int64(2)}))
	resp, err := w.send(t, w.rows(t, change("UPSERT", "", row{"id": int64(1)})))
	if got, want := reason(resp, err), "The given value is not a valid CHANGE_TYPE in insert mode: UPSERT"; got != want {
		t.Errorf("refused with %q, want %q", got, want)
	}
	if n, err := e.Table(dataset, "t").Count(); err != nil || n != 2 {
		t.Errorf("%d rows, %v, want 2", n, err)
	}
}
