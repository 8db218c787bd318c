package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/sdk"
)

func extra(t *testing.T) error {
	t.Helper()
	s, err := status.New(codes.InvalidArgument, "extra").WithDetails(&storagepb.StorageError{Code: storagepb.StorageError_SCHEMA_MISMATCH_EXTRA_FIELDS})
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

func TestOf(t *testing.T) {
	t.Parallel()
	rest := func(code int, reason string) error {
		return &googleapi.Error{Code: code, Errors: []googleapi.ErrorItem{{Reason: reason}}}
	}
	tests := map[string]struct {
		err  error
		kind Kind
		code string
		cure string // in the explanation
	}{
		"unavailable":           {status.Error(codes.Unavailable, "x"), Passing, "Unavailable", ""},
		"aborted":               {status.Error(codes.Aborted, "x"), Passing, "Aborted", ""},
		"a quota":               {status.Error(codes.ResourceExhausted, "x"), Passing, "ResourceExhausted", ""},
		"internal":              {status.Error(codes.Internal, "x"), Passing, "Internal", ""},
		"a connection closed":   {io.EOF, Passing, "closed", ""},
		"a timeout":             {context.DeadlineExceeded, Passing, "DeadlineExceeded", ""},
		"the network":           {errors.New("dial tcp"), Passing, "network", ""},
		"a column that is late": {extra(t), Late, "SCHEMA_MISMATCH_EXTRA_FIELDS", "restart the pipeline"},
		"a table that is late":  {status.Error(codes.NotFound, "x"), Late, "NotFound", "if the table was dropped"},
		"no right":              {status.Error(codes.PermissionDenied, "x"), Lasting, "PermissionDenied", "roles/bigquery.dataEditor"},
		"no login":              {status.Error(codes.Unauthenticated, "x"), Lasting, "Unauthenticated", "credentials_file"},
		"a request too large":   {status.Error(codes.InvalidArgument, "request too large"), Lasting, "InvalidArgument", "max_request_bytes"},
		"a bad request":         {status.Error(codes.InvalidArgument, "x"), Lasting, "InvalidArgument", ""},
		"REST: a rate":          {rest(403, "rateLimitExceeded"), Passing, "http_403", ""},
		"REST: too many":        {rest(429, ""), Passing, "http_429", ""},
		"REST: a race":          {rest(412, ""), Passing, "http_412", ""},
		"REST: broken":          {rest(503, "backendError"), Passing, "http_503", ""},
		"REST: no right":        {rest(403, "accessDenied"), Lasting, "http_403", "roles/bigquery.dataEditor"},
		"REST: no login":        {rest(401, ""), Lasting, "http_401", "credentials_file"},
		"REST: not there":       {rest(404, ""), Lasting, "http_404", "check project and dataset"},
		"REST: bad":             {rest(400, "invalid"), Lasting, "http_400", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("do something: %w", tt.err)
			kind, code := Of(err)
			if kind != tt.kind || code != tt.code {
				t.Errorf("got %v %s, want %v %s", kind, code, tt.kind, tt.code)
			}
			explained := Explain(err)
			if sdk.IsTransient(explained) != (tt.kind == Passing) || !errors.Is(explained, tt.err) || !strings.Contains(explained.Error(), tt.cure) {
				t.Errorf("explained as %v, transient: %v", explained, sdk.IsTransient(explained))
			}
		})
	}
	if Explain(nil) != nil {
		t.Error("no error is one")
	}
}
