package bigquery_test

import (
	"errors"
	"testing"
	"time"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery"
)

var wider = append(notes[:1:1], &gbq.FieldSchema{Name: "added", Type: gbq.StringFieldType})

// A new column is visible to the REST API at once and to writers later, until when they get SCHEMA_MISMATCH_EXTRA_FIELDS;
// UpdatedSchema tells a connection of it. AppendRowsResponse.updated_schema and StorageErrorCode in storage.proto
func TestSchemaIsSeenLate(t *testing.T) {
	t.Parallel()
	clock := bigquery.NewManualClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	e := start(t, bigquery.Options{Now: clock.Now})
	table := e.create(t, "t", notes)
	old := e.writer(t, "t", managedwriter.DefaultStream, notes)
	must(t, old.append(t, note(1)...))

	e.SetDelays(bigquery.Delays{Schema: time.Minute})
	_, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{Schema: wider}, "")
	must(t, err)
	meta, err := table.Metadata(t.Context())
	must(t, err)
	if len(meta.Schema) != 2 {
		t.Errorf("REST shows %d columns, want 2", len(meta.Schema))
	}

	w := e.writer(t, "t", managedwriter.DefaultStream, wider)
	if err := w.append(t, row{"n": int64(2), "added": "x"}); storageCode(err) != storagepb.StorageError_SCHEMA_MISMATCH_EXTRA_FIELDS {
		t.Errorf("append before the column is visible: %v", err)
	}
	if got := e.writerColumns(t, "t"); got != 1 {
		t.Errorf("writers see %d columns, want 1", got)
	}
	resp, err := old.send(t, old.rows(t, note(3)...))
	must(t, err)
	if resp.GetUpdatedSchema() != nil {
		t.Error("UpdatedSchema before the column is visible")
	}

	clock.Advance(time.Minute)
	if got := e.writerColumns(t, "t"); got != 2 {
		t.Errorf("writers see %d columns, want 2", got)
	}
	must(t, w.append(t, row{"n": int64(4), "added": "y"}))
	resp, err = old.send(t, old.rows(t, note(5)...))
	must(t, err)
	if len(resp.GetUpdatedSchema().GetFields()) != 2 {
		t.Errorf("UpdatedSchema is %v, want 2 columns", resp.GetUpdatedSchema())
	}
	resp, err = old.send(t, old.rows(t, note(6)...))
	must(t, err)
	if resp.GetUpdatedSchema() != nil {
		t.Error("UpdatedSchema is told twice")
	}
	rows, err := e.Table(dataset, "t").Rows()
	must(t, err)
	want := []map[string]any{
		{"n": int64(1), "added": nil},
		{"n": int64(3), "added": nil},
		{"n": int64(4), "added": "y"},
		{"n": int64(5), "added": nil},
		{"n": int64(6), "added": nil},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func (e *env) writerColumns(t *testing.T, table string) int {
	t.Helper()
	s, err := e.write.GetWriteStream(t.Context(), &storagepb.GetWriteStreamRequest{
		Name: path(table) + "/streams/_default", View: storagepb.WriteStreamView_FULL,
	})
	must(t, err)
	return len(s.GetTableSchema().GetFields())
}

// A writer's stream takes a new descriptor without being reopened. managedwriter.UpdateSchemaDescriptor
func TestWriterChangesItsSchema(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	table := e.create(t, "t", notes)
	w := e.writer(t, "t", managedwriter.DefaultStream, notes)
	must(t, w.append(t, note(1)...))
	_, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{Schema: wider}, "")
	must(t, err)
	msg, desc := message(t, wider)
	w.msg = msg
	_, err = w.send(t, w.rows(t, row{"n": int64(2), "added": "x"}), managedwriter.UpdateSchemaDescriptor(desc))
	must(t, err)
	must(t, w.append(t, row{"added": "y"}))
	rows, err := e.Table(dataset, "t").Rows()
	must(t, err)
	want := []map[string]any{{"n": int64(1), "added": nil}, {"n": int64(2), "added": "x"}, {"n": nil, "added": "y"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// A table that was just created may be unknown to writers for a while, and to appends for longer: they are refused as
// where a right is missing or there is no table. The delay itself is not documented and so is a knob.
func TestTableIsSeenLate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		notFound bool
		code     codes.Code
		message  string
	}{
		"refused as forbidden": {false, codes.PermissionDenied, "Permission 'TABLES_UPDATE_DATA' denied on resource '" + path("t") + "' (or it may not exist)."},
		"not found":            {true, codes.NotFound, "Requested entity was not found: " + path("t") + " Entity: " + path("t")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := bigquery.NewManualClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			e := start(t, bigquery.Options{Now: clock.Now})
			e.SetDelays(bigquery.Delays{Table: time.Second, Append: time.Second, NotFound: tt.notFound})
			table := e.create(t, "t", notes)
			look := func() error {
				_, err := e.write.GetWriteStream(t.Context(), &storagepb.GetWriteStreamRequest{Name: path("t") + "/streams/_default"})
				return err
			}
			if s := status.Convert(look()); s.Code() != tt.code || s.Message() != tt.message {
				t.Errorf("before it is visible: %v %q", s.Code(), s.Message())
			}
			_, err := table.Metadata(t.Context())
			must(t, err)
			clock.Advance(time.Second)
			must(t, look())
			if err := e.writer(t, "t", managedwriter.DefaultStream, notes).append(t, note(1)...); status.Code(err) != tt.code {
				t.Errorf("append before it is taken: %v", err)
			}
			clock.Advance(time.Second)
			must(t, e.writer(t, "t", managedwriter.DefaultStream, notes).append(t, note(1)...))
		})
	}
}

// A right that is missing is told from a table that is new by asking for the rights that one has.
func TestDeny(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	table := e.create(t, "t", notes)
	ask := []string{"bigquery.tables.get", "bigquery.tables.updateData"}
	for _, tt := range []struct {
		deny, have []string
		get        int
		look       codes.Code
	}{
		{nil, ask, 0, codes.OK},
		{ask[1:], ask[:1], 0, codes.PermissionDenied},
		{ask[:1], ask[1:], 403, codes.OK},
		{nil, ask, 0, codes.OK},
	} {
		e.Deny(tt.deny...)
		have, err := table.IAM().TestPermissions(t.Context(), ask)
		must(t, err)
		if diff := cmp.Diff(tt.have, have); diff != "" {
			t.Error(diff)
		}
		_, err = table.Metadata(t.Context())
		var api *googleapi.Error
		if errors.As(err, &api); (tt.get == 0) != (err == nil) || tt.get != 0 && api.Code != tt.get {
			t.Errorf("tables.get: %v, want %d", err, tt.get)
		}
		_, err = e.write.GetWriteStream(t.Context(), &storagepb.GetWriteStreamRequest{Name: path("t") + "/streams/_default"})
		if status.Code(err) != tt.look {
			t.Errorf("GetWriteStream: %v, want %v", err, tt.look)
		}
	}
	if _, err := e.rest.Dataset(dataset).Table("none").IAM().TestPermissions(t.Context(), ask); err == nil {
		t.Error("rights on a table that does not exist")
	}
}

// A column that was relaxed takes NULL once writers see it, and appends may come later than the view of them.
func TestRelaxationIsSeenLate(t *testing.T) {
	t.Parallel()
	clock := bigquery.NewManualClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	e := start(t, bigquery.Options{Now: clock.Now})
	strict := gbq.Schema{wider[0], {Name: "added", Type: gbq.StringFieldType, Required: true}}
	table := e.create(t, "t", strict)
	e.SetDelays(bigquery.Delays{Schema: time.Minute, Append: time.Minute})
	_, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{Schema: wider}, "")
	must(t, err)
	mode := func() storagepb.TableFieldSchema_Mode {
		s, err := e.write.GetWriteStream(t.Context(), &storagepb.GetWriteStreamRequest{
			Name: path("t") + "/streams/_default", View: storagepb.WriteStreamView_FULL,
		})
		must(t, err)
		return s.GetTableSchema().GetFields()[1].GetMode()
	}
	null := func() string {
		w := e.writer(t, "t", managedwriter.DefaultStream, wider)
		return reason(w.send(t, w.rows(t, row{"n": int64(1)})))
	}
	for _, want := range []struct {
		mode  storagepb.TableFieldSchema_Mode
		taken bool
	}{{storagepb.TableFieldSchema_REQUIRED, false}, {storagepb.TableFieldSchema_NULLABLE, false}, {storagepb.TableFieldSchema_NULLABLE, true}} {
		if got := mode(); got != want.mode {
			t.Errorf("writers see %v, want %v", got, want.mode)
		}
		if got := null(); (got == "") != want.taken {
			t.Errorf("a row with NULL: %q, want it taken: %v", got, want.taken)
		}
		clock.Advance(time.Minute)
	}
}

// A column widened from INTEGER to NUMERIC reads old and new rows alike.
// cloud.google.com/bigquery/docs/managing-table-schemas
func TestWidenedColumn(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	table := e.create(t, "t", notes)
	w := e.writer(t, "t", managedwriter.DefaultStream, notes)
	must(t, w.append(t, note(1)...))
	_, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{Schema: gbq.Schema{{Name: "n", Type: gbq.NumericFieldType}}}, "")
	must(t, err)
	must(t, w.append(t, note(2)...))
	rows, err := e.Table(dataset, "t").Rows()
	must(t, err)
	if diff := cmp.Diff([]map[string]any{{"n": "1"}, {"n": "2"}}, rows); diff != "" {
		t.Error(diff)
	}
}

// max_staleness lets queries show changes late. cloud.google.com/bigquery/docs/change-data-capture
func TestStaleness(t *testing.T) {
	t.Parallel()
	clock := bigquery.NewManualClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	e := start(t, bigquery.Options{Now: clock.Now})
	table := e.create(t, "t", people, "id")
	e.run(t, "ALTER TABLE `"+dataset+"`.`"+table.TableID+"` SET OPTIONS (max_staleness = INTERVAL 10 MINUTE)")
	must(t, e.writer(t, "t", managedwriter.DefaultStream, withChange(people)).append(t, change("UPSERT", "", row{"id": int64(1)})))
	view := e.Table(dataset, "t")
	for _, want := range []int{0, 1} {
		stale, err := view.StaleRows()
		must(t, err)
		fresh, err := view.Rows()
		must(t, err)
		if len(stale) != want || len(fresh) != 1 {
			t.Errorf("%d stale and %d fresh rows, want %d and 1", len(stale), len(fresh), want)
		}
		clock.Advance(10 * time.Minute)
	}
}
