package bigquery_test

import (
	"errors"
	"testing"
	"time"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
)

// What a writer without retries sees of each failure, and what the table holds after it and after one repetition.
func TestFaults(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	tests := map[string]struct {
		outcome fault.Outcome
		want    codes.Code
		rows    []int64
	}{
		"unavailable before the rows are taken": {fault.Unavailable(), codes.Unavailable, []int64{1}},
		"acknowledgement lost":                  {fault.AckLost(), codes.Unavailable, []int64{1, 1}},
		"stream reset":                          {fault.StreamReset(), codes.Internal, []int64{1}},
		"aborted":                               {fault.Aborted(), codes.Aborted, []int64{1}},
		"quota exceeded":                        {fault.QuotaExceeded(), codes.ResourceExhausted, []int64{1}},
		"bad row":                               {fault.BadRow(0, "no"), codes.InvalidArgument, []int64{1}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table := tableName(t)
			e.create(t, table, notes)
			e.Faults().Add(fault.Rule{Table: dataset + "." + table, Outcome: tt.outcome})
			w := e.writer(t, table, managedwriter.DefaultStream, notes)
			if err := w.append(t, note(1)...); status.Code(err) != tt.want {
				t.Errorf("first append: %v, want %s", err, tt.want)
			}
			again := e.writer(t, table, managedwriter.DefaultStream, notes)
			must(t, again.append(t, note(1)...))
			if diff := cmp.Diff(tt.rows, e.visible(t, table)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if n := e.Faults().Pending(); n != 0 {
		t.Errorf("%d faults did not happen", n)
	}
}

// A lost acknowledgement on a stream with offsets is answered ALREADY_EXISTS on retry, which "can be ignored".
// AppendRowsResponse.error in storage.proto
func TestAckLostWithOffset(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	e.Faults().Add(fault.Rule{Outcome: fault.AckLost()})
	w := e.writer(t, "t", managedwriter.CommittedStream, notes, managedwriter.EnableWriteRetries(true))
	_, err := w.send(t, w.rows(t, note(1)...), managedwriter.WithOffset(0))
	if status.Code(err) != codes.AlreadyExists {
		t.Errorf("retried append: %v, want AlreadyExists", err)
	}
	if diff := cmp.Diff([]int64{1}, e.visible(t, "t")); diff != "" {
		t.Error(diff)
	}
}

func TestSlowAck(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	const hold = 50 * time.Millisecond
	e.Faults().Add(fault.Rule{Outcome: fault.SlowAck(hold)})
	began := time.Now()
	must(t, e.writer(t, "t", managedwriter.DefaultStream, notes).append(t, note(1)...))
	if took := time.Since(began); took < hold {
		t.Errorf("answered after %s, want at least %s", took, hold)
	}
}

func TestSchemaSignal(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	e.Faults().Add(fault.Rule{Outcome: fault.SchemaSignal()})
	w := e.writer(t, "t", managedwriter.DefaultStream, notes)
	resp, err := w.send(t, w.rows(t, note(1)...))
	must(t, err)
	if len(resp.GetUpdatedSchema().GetFields()) != 1 {
		t.Errorf("UpdatedSchema is %v", resp.GetUpdatedSchema())
	}
}

// Other calls fail by their names; the REST client retries 503 by itself.
func TestOtherCallsFail(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	table := e.create(t, "t", notes)
	denied := fault.Outcome{Code: codes.PermissionDenied, Message: "no"}
	e.Faults().Add(fault.Rule{Call: "CreateWriteStream", Outcome: denied})
	_, err := e.write.NewManagedStream(t.Context(), managedwriter.WithDestinationTable(path("t")), managedwriter.WithType(managedwriter.CommittedStream))
	if status.Code(errors.Unwrap(err)) != codes.PermissionDenied {
		t.Errorf("CreateWriteStream: %v", err)
	}
	e.Faults().Add(fault.Rule{Call: "tables.patch", Outcome: denied})
	_, err = table.Update(t.Context(), gbq.TableMetadataToUpdate{Description: "d"}, "")
	var api *googleapi.Error
	if !errors.As(err, &api) || api.Code != 403 {
		t.Errorf("tables.patch: %v", err)
	}
	e.Faults().Add(fault.Rule{Call: "tables.get", Outcome: fault.Unavailable()})
	_, err = table.Metadata(t.Context())
	must(t, err)
	if n := e.Faults().Pending(); n != 0 {
		t.Errorf("%d faults did not happen", n)
	}
}
