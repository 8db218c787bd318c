package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/sdk"
)

const denied = "Permission 'TABLES_UPDATE_DATA' denied on resource 'projects/p/datasets/d/tables/t' (or it may not exist)."

func extra(t *testing.T) error {
	t.Helper()
	s, err := status.New(codes.InvalidArgument, "extra").WithDetails(&storagepb.StorageError{Code: storagepb.StorageError_SCHEMA_MISMATCH_EXTRA_FIELDS})
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

// Each code of gRPC and of HTTP, with the forms of message that BigQuery gives it.
func TestOf(t *testing.T) {
	t.Parallel()
	rest := func(code int, reason, message string) error {
		return &googleapi.Error{Code: code, Message: message, Errors: []googleapi.ErrorItem{{Reason: reason, Message: message}}}
	}
	grpc := status.Error
	job := func(reason string) error { return &bigquery.Error{Reason: reason, Message: "x"} }
	tests := map[string]struct {
		err  error
		kind Kind
		code string
		cure string // all of it
	}{
		"canceled":                     {grpc(codes.Canceled, "client connection context was canceled"), Passing, "Canceled", ""},
		"unknown":                      {grpc(codes.Unknown, "x"), Passing, "Unknown", ""},
		"a deadline of the service":    {grpc(codes.DeadlineExceeded, "x"), Passing, "DeadlineExceeded", ""},
		"a table that is late":         {grpc(codes.NotFound, "Requested entity was not found."), Late, "NotFound", ""},
		"an offset twice":              {grpc(codes.AlreadyExists, "x"), Lasting, "AlreadyExists", ""},
		"no right, or no table":        {grpc(codes.PermissionDenied, denied), Late, "PermissionDenied", ""},
		"a quota":                      {grpc(codes.ResourceExhausted, "Quota exceeded: concurrent connections"), Passing, "ResourceExhausted", "raise the quota in the project if it lasts"},
		"throughput":                   {grpc(codes.ResourceExhausted, "Exceeds 'AppendRows throughput' quota"), Passing, "ResourceExhausted", "raise the quota in the project if it lasts"},
		"resources":                    {grpc(codes.ResourceExhausted, "busy"), Passing, "ResourceExhausted", ""},
		"a precondition":               {grpc(codes.FailedPrecondition, "x"), Passing, "FailedPrecondition", ""},
		"aborted":                      {grpc(codes.Aborted, "x"), Passing, "Aborted", ""},
		"out of range":                 {grpc(codes.OutOfRange, "x"), Lasting, "OutOfRange", ""},
		"not implemented":              {grpc(codes.Unimplemented, "x"), Lasting, "Unimplemented", ""},
		"internal":                     {grpc(codes.Internal, "stream terminated by RST_STREAM"), Passing, "Internal", ""},
		"unavailable":                  {grpc(codes.Unavailable, "connection refused"), Passing, "Unavailable", ""},
		"data loss":                    {grpc(codes.DataLoss, "x"), Passing, "DataLoss", ""},
		"no login":                     {grpc(codes.Unauthenticated, "expired"), Stale, "Unauthenticated", "correct credentials_file, credentials_json, or the credentials of the environment, which are read again at the next try"},
		"a request too large":          {grpc(codes.InvalidArgument, "AppendRows request too large: 1 limit 1"), Lasting, "InvalidArgument", "lower max_request_bytes"},
		"a bad request":                {grpc(codes.InvalidArgument, "x"), Lasting, "InvalidArgument", ""},
		"a column that is late":        {extra(t), Late, "SCHEMA_MISMATCH_EXTRA_FIELDS", ""},
		"columns that are late":        {grpc(codes.InvalidArgument, "Input schema has more fields than BigQuery schema, extra fields: 'x'"), Late, "InvalidArgument", ""},
		"a widening that is late":      {grpc(codes.InvalidArgument, "The proto field mismatched with BigQuery field at row.n, the proto field type string, BigQuery field type INTEGER"), Late, "InvalidArgument", ""},
		"a relaxation that is late":    {grpc(codes.InvalidArgument, "Required field n is missing in the writer schema"), Late, "InvalidArgument", ""},
		"a connection closed":          {io.EOF, Passing, "closed", ""},
		"a timeout":                    {context.DeadlineExceeded, Passing, "DeadlineExceeded", ""},
		"the network":                  {&url.Error{Op: "Get", URL: "https://x", Err: syscall.ECONNREFUSED}, Passing, "network", ""},
		"no token":                     {&url.Error{Op: "Post", URL: "https://x", Err: errors.New("auth: cannot fetch token: 400")}, Passing, "network", "check that the account's key is valid, and that its token_uri can be reached"},
		"REST: bad":                    {rest(400, "invalid", "x"), Lasting, "http_400", ""},
		"REST: a table being moved":    {rest(400, "tableUnavailable", "x"), Passing, "http_400", ""},
		"REST: no login":               {rest(401, "authError", "x"), Stale, "http_401", "correct credentials_file, credentials_json, or the credentials of the environment, which are read again at the next try"},
		"REST: no right":               {rest(403, "accessDenied", "x"), Lasting, "http_403", Editor},
		"REST: no right to statements": {rest(403, "accessDenied", "User does not have bigquery.jobs.create permission in project p."), Lasting, "http_403", "give the account roles/bigquery.jobUser in the project, which statements need: those for max_staleness, and to empty a table"},
		"REST: no right to datasets":   {rest(403, "accessDenied", "Permission bigquery.datasets.create denied on project p."), Lasting, "http_403", "give the account roles/bigquery.user in the project, which create_dataset needs, or create the dataset"},
		"REST: a rate":                 {rest(403, "rateLimitExceeded", "x"), Passing, "http_403", ""},
		"REST: a quota":                {rest(403, "quotaExceeded", "x"), Passing, "http_403", "raise the quota in the project if it lasts"},
		"REST: no billing":             {rest(403, "billingNotEnabled", "x"), Lasting, "http_403", "enable billing in the project: without it BigQuery takes no rows and runs no statements that change data"},
		"REST: not there":              {rest(404, "notFound", "x"), Lasting, "http_404", "check project and dataset; if the table was dropped, restart the pipeline, which makes a new one that has only the rows to come"},
		"REST: slow":                   {rest(408, "", "x"), Passing, "http_408", ""},
		"REST: there already":          {rest(409, "duplicate", "x"), Lasting, "http_409", ""},
		"REST: a race":                 {rest(412, "conditionNotMet", "x"), Passing, "http_412", ""},
		"REST: too many":               {rest(429, "", "x"), Passing, "http_429", ""},
		"REST: internal":               {rest(500, "internalError", "x"), Passing, "http_500", ""},
		"REST: not implemented":        {rest(501, "notImplemented", "x"), Lasting, "http_501", ""},
		"REST: a bad gateway":          {rest(502, "", "x"), Passing, "http_502", ""},
		"REST: unavailable":            {rest(503, "backendError", "x"), Passing, "http_503", ""},
		"REST: a slow gateway":         {rest(504, "", "x"), Passing, "http_504", ""},
		"a job: bad":                   {job("invalidQuery"), Lasting, "job_invalidQuery", ""},
		"a job: no right":              {job("accessDenied"), Lasting, "job_accessDenied", Editor},
		"a job: not there":             {job("notFound"), Lasting, "job_notFound", "check project and dataset; if the table was dropped, restart the pipeline, which makes a new one that has only the rows to come"},
		"a job: backend":               {job("backendError"), Passing, "job_backendError", ""},
		"a job: internal":              {job("jobInternalError"), Passing, "job_jobInternalError", ""},
		"a job: a rate":                {job("jobRateLimitExceeded"), Passing, "job_jobRateLimitExceeded", ""},
		"a job: a quota":               {job("quotaExceeded"), Passing, "job_quotaExceeded", "raise the quota in the project if it lasts"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("do something: %w", tt.err)
			kind, code := Of(err)
			if kind != tt.kind || code != tt.code {
				t.Errorf("got %v %s, want %v %s", kind, code, tt.kind, tt.code)
			}
			if got := Cure(err); got != tt.cure {
				t.Errorf("cure %q, want %q", got, tt.cure)
			}
			explained := Explain(err)
			if marked := fmt.Sprintf("%T", explained); marked != "*sdk.classified" {
				t.Errorf("explained as %s, which counts against the restarts that are allowed", marked)
			}
			if sdk.IsTransient(explained) != (tt.kind != Lasting) || !errors.Is(explained, tt.err) || !strings.HasSuffix(explained.Error(), tt.cure) {
				t.Errorf("explained as %v, transient: %v", explained, sdk.IsTransient(explained))
			}
		})
	}
	if Explain(nil) != nil {
		t.Error("no error is one")
	}
}

func TestLateRow(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]bool{
		"Field note: Missing required value":         true,
		"Required field note is missing":             true,
		"Field note: STRING is not a value of DATE":  false,
		"Field size: 1 is out of the range of INT64": false,
	} {
		if got := LateRow(reason); got != want {
			t.Errorf("%q is late: %v, want %v", reason, got, want)
		}
	}
}
