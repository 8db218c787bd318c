package write

import (
	"errors"
	"testing"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery/internal/rows"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

func TestStatusOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err     error
		code    codes.Code
		storage storagepb.StorageError_StorageErrorCode
		message string
	}{
		"rule with a storage code": {
			&warehouse.Error{Reason: warehouse.OffsetExists, Entity: "e", Message: "m"},
			codes.AlreadyExists, storagepb.StorageError_OFFSET_ALREADY_EXISTS, "m Entity: e",
		},
		"rule without": {&warehouse.Error{Reason: warehouse.Invalid, Entity: "e", Message: "m"}, codes.InvalidArgument, 0, "m Entity: e"},
		"extra fields": {
			&rows.ExtraFieldsError{Fields: []string{"a", "b"}}, codes.InvalidArgument, storagepb.StorageError_SCHEMA_MISMATCH_EXTRA_FIELDS,
			"Input schema has more fields than BigQuery schema, extra fields: 'a,b' Entity: s",
		},
		"a status stays": {status.Error(codes.Unimplemented, "no"), codes.Unimplemented, 0, "no"},
		"other":          {errors.New("bad descriptor"), codes.InvalidArgument, 0, "bad descriptor Entity: s"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := statusOf(tt.err, "s")
			var storage storagepb.StorageError_StorageErrorCode
			for _, d := range s.Details() {
				storage = d.(*storagepb.StorageError).GetCode()
			}
			if s.Code() != tt.code || storage != tt.storage || s.Message() != tt.message {
				t.Errorf("got %s, %s and %q, want %s, %s and %q", s.Code(), storage, s.Message(), tt.code, tt.storage, tt.message)
			}
		})
	}
}
