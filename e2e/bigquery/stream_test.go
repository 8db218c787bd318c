package bigquery_test

import (
	"fmt"
	"strings"
	"testing"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery"
)

var notes = gbq.Schema{{Name: "n", Type: gbq.IntegerFieldType}}

func note(n ...int64) []row {
	out := make([]row, len(n))
	for i := range n {
		out[i] = row{"n": n[i]}
	}
	return out
}

// visible returns the n column of a table's rows.
func (e *env) visible(t *testing.T, table string) []int64 {
	t.Helper()
	rows, err := e.Table(dataset, table).Rows()
	must(t, err)
	out := []int64{}
	for _, r := range rows {
		out = append(out, r["n"].(int64))
	}
	return out
}

// storageCode is the StorageError in an error's details.
func storageCode(err error) storagepb.StorageError_StorageErrorCode {
	for _, d := range status.Convert(err).Details() {
		if s, ok := d.(*storagepb.StorageError); ok {
			return s.GetCode()
		}
	}
	return storagepb.StorageError_STORAGE_ERROR_CODE_UNSPECIFIED
}

// Offsets: "The server returns OUT_OF_RANGE … beyond the current end of the stream or ALREADY_EXISTS if user provides
// an offset that has already been written to." BigQueryWrite.AppendRows in storage.proto
func TestOffsets(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	w := e.writer(t, "t", managedwriter.CommittedStream, notes)
	resp, err := w.send(t, w.rows(t, note(1, 2)...), managedwriter.WithOffset(0))
	must(t, err)
	if got := resp.GetAppendResult().GetOffset().GetValue(); got != 0 {
		t.Errorf("first append at offset %d, want 0", got)
	}
	tests := []struct {
		name    string
		offset  int64
		code    codes.Code
		storage storagepb.StorageError_StorageErrorCode
	}{
		{"repeated offset", 0, codes.AlreadyExists, storagepb.StorageError_OFFSET_ALREADY_EXISTS},
		{"offset within the stream", 1, codes.AlreadyExists, storagepb.StorageError_OFFSET_ALREADY_EXISTS},
		{"offset after the end", 3, codes.OutOfRange, storagepb.StorageError_OFFSET_OUT_OF_RANGE},
		{"offset at the end", 2, codes.OK, 0},
	}
	for _, tt := range tests {
		_, err := w.send(t, w.rows(t, note(3)...), managedwriter.WithOffset(tt.offset))
		if status.Code(err) != tt.code || storageCode(err) != tt.storage {
			t.Errorf("%s: got %s and %s, want %s and %s", tt.name, status.Code(err), storageCode(err), tt.code, tt.storage)
		}
	}
	if diff := cmp.Diff([]int64{1, 2, 3}, e.visible(t, "t")); diff != "" {
		t.Error(diff)
	}
}

// "Specifying a value for this field is not allowed when calling AppendRows for the '_default' stream."
// AppendRowsRequest.offset in storage.proto; no offset comes back either.
func TestDefaultStreamHasNoOffsets(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	w := e.writer(t, "t", managedwriter.DefaultStream, notes)
	_, err := w.send(t, w.rows(t, note(1)...), managedwriter.WithOffset(0))
	if got := status.Code(err); got != codes.InvalidArgument {
		t.Errorf("append with an offset: %s, want InvalidArgument", got)
	}
	resp, err := w.send(t, w.rows(t, note(1)...))
	must(t, err)
	if resp.GetAppendResult().GetOffset() != nil {
		t.Errorf("the answer has an offset: %v", resp.GetAppendResult())
	}
}

// Rows of PENDING streams show when committed, all streams or none; of BUFFERED ones when flushed.
// WriteStream.Type in stream.proto, BatchCommitWriteStreams and FlushRows in storage.proto
func TestVisibility(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	t.Run("pending", func(t *testing.T) { pending(t, e) })
	t.Run("buffered", func(t *testing.T) { buffered(t, e) })
}

func pending(t *testing.T, e *env) {
	e.create(t, "pending", notes)
	a := e.writer(t, "pending", managedwriter.PendingStream, notes)
	b := e.writer(t, "pending", managedwriter.PendingStream, notes)
	must(t, a.append(t, note(1, 2)...))
	must(t, b.append(t, note(3)...))
	n, err := a.Finalize(t.Context())
	must(t, err)
	if n != 2 {
		t.Errorf("finalize counted %d rows, want 2", n)
	}
	commit := &storagepb.BatchCommitWriteStreamsRequest{Parent: path("pending"), WriteStreams: []string{a.StreamName(), b.StreamName()}}
	resp, err := e.write.BatchCommitWriteStreams(t.Context(), commit)
	must(t, err)
	if len(resp.GetStreamErrors()) != 1 || resp.GetStreamErrors()[0].GetCode() != storagepb.StorageError_INVALID_STREAM_STATE || resp.GetCommitTime() != nil {
		t.Errorf("commit of a stream that is not finalized: %v", resp)
	}
	if got := e.visible(t, "pending"); len(got) != 0 {
		t.Errorf("rows %v show before any commit", got)
	}
	_, err = b.Finalize(t.Context())
	must(t, err)
	resp, err = e.write.BatchCommitWriteStreams(t.Context(), commit)
	must(t, err)
	if len(resp.GetStreamErrors()) != 0 || resp.GetCommitTime() == nil {
		t.Errorf("commit: %v", resp)
	}
	if diff := cmp.Diff([]int64{1, 2, 3}, e.visible(t, "pending")); diff != "" {
		t.Error(diff)
	}
	resp, err = e.write.BatchCommitWriteStreams(t.Context(), commit)
	must(t, err)
	if len(resp.GetStreamErrors()) != 2 || resp.GetStreamErrors()[0].GetCode() != storagepb.StorageError_STREAM_ALREADY_COMMITTED {
		t.Errorf("second commit: %v", resp)
	}
}

func buffered(t *testing.T, e *env) {
	e.create(t, "buffered", notes)
	w := e.writer(t, "buffered", managedwriter.BufferedStream, notes)
	must(t, w.append(t, note(1, 2, 3)...))
	if got := e.visible(t, "buffered"); len(got) != 0 {
		t.Errorf("rows %v show before a flush", got)
	}
	at, err := w.FlushRows(t.Context(), 1)
	must(t, err)
	if diff := cmp.Diff([]int64{1, 2}, e.visible(t, "buffered")); diff != "" || at != 1 {
		t.Errorf("flushed to %d: %s", at, diff)
	}
	if _, err := w.FlushRows(t.Context(), 3); status.Code(err) != codes.OutOfRange {
		t.Errorf("flush beyond the end: %v", err)
	}
}

// "Finalize a write stream so that no new data can be appended to the stream." BigQueryWrite.FinalizeWriteStream
func TestFinalized(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	w := e.writer(t, "t", managedwriter.CommittedStream, notes)
	_, err := w.Finalize(t.Context())
	must(t, err)
	if err := w.append(t, note(1)...); storageCode(err) != storagepb.StorageError_STREAM_FINALIZED {
		t.Errorf("append to a finalized stream: %v", err)
	}
	d := e.writer(t, "t", managedwriter.DefaultStream, notes)
	if _, err := d.Finalize(t.Context()); storageCode(err) != storagepb.StorageError_INVALID_STREAM_TYPE {
		t.Errorf("finalize the default stream: %v", err)
	}
}

// "If a request failed due to corrupted rows, no rows in the batch will be appended."
// AppendRowsResponse.row_errors in storage.proto
func TestRequestIsAtomic(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	schema := gbq.Schema{{Name: "s", Type: gbq.StringFieldType, MaxLength: 3}}
	e.create(t, "t", schema)
	w := e.writer(t, "t", managedwriter.DefaultStream, schema)
	resp, err := w.send(t, w.rows(t, row{"s": "ok"}, row{"s": "long"}, row{"s": "ok"}, row{"s": "longer"}))
	if status.Code(err) != codes.InvalidArgument {
		t.Fatalf("append: %v, want InvalidArgument", err)
	}
	var got []string
	for _, r := range resp.GetRowErrors() {
		got = append(got, fmt.Sprintf("%d %s %s", r.GetIndex(), r.GetCode(), r.GetMessage()))
	}
	want := []string{
		"1 FIELDS_ERROR field s: Value has length 4, the maximum length is 3",
		"3 FIELDS_ERROR field s: Value has length 6, the maximum length is 3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n, err := e.Table(dataset, "t").Count(); err != nil || n != 0 {
		t.Errorf("%d rows were taken, %v", n, err)
	}
}

// "The size of a single AppendRowsRequest must be less than 20 MB … typically INVALID_ARGUMENT." storage.proto
func TestRequestSize(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	schema := gbq.Schema{{Name: "s", Type: gbq.StringFieldType}}
	e.create(t, "t", schema)
	w := e.writer(t, "t", managedwriter.DefaultStream, schema)
	err := w.append(t, row{"s": strings.Repeat("x", 20_000_000)})
	if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "request too large") {
		t.Errorf("append of 20 MB: %v", status.Code(err))
	}
	must(t, w.append(t, row{"s": strings.Repeat("x", 19_900_000)}))
}

// Names that lead nowhere: a stream is NOT_FOUND. StorageErrorCode in storage.proto. Of a table the service mostly says
// that it may not be written, or may not exist (nodejs-bigquery-storage#222, python-bigquery-storage#238).
func TestNotFound(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	tests := map[string]struct {
		name string
		code codes.Code
		want storagepb.StorageError_StorageErrorCode
	}{
		"table":  {path("nowhere") + "/streams/_default", codes.PermissionDenied, 0},
		"stream": {path("t") + "/streams/nowhere", codes.NotFound, storagepb.StorageError_STREAM_NOT_FOUND},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := e.write.GetWriteStream(t.Context(), &storagepb.GetWriteStreamRequest{Name: tt.name})
			if status.Code(err) != tt.code || storageCode(err) != tt.want {
				t.Errorf("got %v, want %s and %s", err, tt.code, tt.want)
			}
		})
	}
}

// Several default streams share a connection; each switch of tables brings the writer schema again.
// AppendRowsRequest.write_stream in storage.proto; managedwriter sends so with multiplexing enabled.
func TestMultiplexing(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{}, managedwriter.WithMultiplexing())
	words := gbq.Schema{{Name: "w", Type: gbq.StringFieldType}}
	e.create(t, "a", notes)
	e.create(t, "b", words)
	a := e.writer(t, "a", managedwriter.DefaultStream, notes)
	b := e.writer(t, "b", managedwriter.DefaultStream, words)
	for i := range int64(20) {
		must(t, a.append(t, row{"n": i}))
		must(t, a.append(t, row{"n": i}))
		must(t, b.append(t, row{"w": "x"}))
	}
	for table, want := range map[string]int{"a": 40, "b": 20} {
		if n, err := e.Table(dataset, table).Count(); err != nil || n != want {
			t.Errorf("table %s has %d rows, want %d; %v", table, n, want, err)
		}
	}
}
