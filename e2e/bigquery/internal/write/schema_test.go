package write

import (
	"testing"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"github.com/google/go-cmp/cmp"
	bq "google.golang.org/api/bigquery/v2"
	"google.golang.org/protobuf/testing/protocmp"
)

func TestStorageSchema(t *testing.T) {
	t.Parallel()
	got := storageSchema([]*bq.TableFieldSchema{
		{Name: "id", Type: "INTEGER", Mode: "REQUIRED", Description: "key"},
		{Name: "price", Type: "NUMERIC", Mode: "NULLABLE", Precision: 10, Scale: 2},
		{Name: "tags", Type: "RECORD", Mode: "REPEATED", Fields: []*bq.TableFieldSchema{{Name: "name", Type: "STRING", Mode: "NULLABLE", MaxLength: 5}}},
	})
	want := &storagepb.TableSchema{Fields: []*storagepb.TableFieldSchema{
		{Name: "id", Type: storagepb.TableFieldSchema_INT64, Mode: storagepb.TableFieldSchema_REQUIRED, Description: "key"},
		{Name: "price", Type: storagepb.TableFieldSchema_NUMERIC, Mode: storagepb.TableFieldSchema_NULLABLE, Precision: 10, Scale: 2},
		{Name: "tags", Type: storagepb.TableFieldSchema_STRUCT, Mode: storagepb.TableFieldSchema_REPEATED, Fields: []*storagepb.TableFieldSchema{
			{Name: "name", Type: storagepb.TableFieldSchema_STRING, Mode: storagepb.TableFieldSchema_NULLABLE, MaxLength: 5},
		}},
	}}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}
