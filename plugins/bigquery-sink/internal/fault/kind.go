package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Kind is what can be done about an error.
type Kind byte

// The kinds.
const (
	// Passing errors go away by themselves.
	Passing Kind = iota + 1
	// Late errors go away if a table, or a change of it, is not known everywhere
	// yet. BigQuery says the same where the table is absent or forbidden: the
	// Tables API tells which it is.
	Late
	// Stale errors go away with credentials that are read anew, and the clients
	// with them: they do not come back to a connection that was refused.
	Stale
	// Lasting errors stay until a person acts.
	Lasting
)

// Of returns the kind of an error and a short name for metrics.
func Of(err error) (Kind, string) {
	var rest *googleapi.Error
	if errors.As(err, &rest) {
		return ofREST(rest), fmt.Sprintf("http_%d", rest.Code)
	}
	var job *bigquery.Error
	if errors.As(err, &job) {
		return ofReason(job.Reason, Lasting), "job_" + job.Reason
	}
	if errors.Is(err, io.EOF) {
		return Passing, "closed"
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Passing, codes.DeadlineExceeded.String()
	}
	s, ok := status.FromError(err)
	if !ok {
		return Passing, "network"
	}
	if storage := storageCode(s); storage == storagepb.StorageError_SCHEMA_MISMATCH_EXTRA_FIELDS {
		return Late, storage.String()
	}
	return ofGRPC(s), s.Code().String()
}

func ofGRPC(s *status.Status) Kind {
	switch s.Code() {
	case codes.NotFound, codes.PermissionDenied:
		return Late
	case codes.Unauthenticated:
		return Stale
	case codes.InvalidArgument:
		if mismatch(s.Message()) {
			return Late
		}
		return Lasting
	case codes.Unimplemented, codes.OutOfRange, codes.AlreadyExists:
		return Lasting
	default:
		return Passing
	}
}

// mismatch says whether a request was refused as its rows' description does not go
// with the table's columns. It was made from what the Tables API shows, so that
// those who write are behind it.
func mismatch(message string) bool {
	for _, part := range []string{"mismatched with BigQuery field", "Input schema has more fields", "is missing in the writer schema"} {
		if strings.Contains(message, part) {
			return true
		}
	}
	return false
}

// LateRow says whether a row is refused for a column that is REQUIRED. The Tables
// API shows all columns beside the key as NULLABLE before a row is sent, so that
// those who write are behind it.
func LateRow(reason string) bool { return strings.Contains(strings.ToLower(reason), "required") }

func ofREST(e *googleapi.Error) Kind {
	other := Passing
	switch {
	case e.Code == http.StatusUnauthorized:
		return Stale
	case e.Code == http.StatusTooManyRequests, e.Code == http.StatusRequestTimeout, e.Code == http.StatusPreconditionFailed:
		return Passing
	case e.Code == http.StatusNotImplemented:
		return Lasting
	case e.Code >= http.StatusBadRequest && e.Code < http.StatusInternalServerError:
		other = Lasting
	}
	for _, item := range e.Errors {
		if kind := ofReason(item.Reason, other); kind != other {
			return kind
		}
	}
	return other
}

// ofReason goes by BigQuery's own reason of an error, which HTTP has no code for:
// a limit of rate, which passes, comes as 403, as a right that is missing does.
func ofReason(reason string, other Kind) Kind {
	switch reason {
	case "rateLimitExceeded", "quotaExceeded", "jobRateLimitExceeded", "backendError", "internalError",
		"jobBackendError", "jobInternalError", "tableUnavailable", "timeout", "stopped":
		return Passing
	}
	return other
}

func storageCode(s *status.Status) storagepb.StorageError_StorageErrorCode {
	for _, d := range s.Details() {
		if e, ok := d.(*storagepb.StorageError); ok {
			return e.GetCode()
		}
	}
	return storagepb.StorageError_STORAGE_ERROR_CODE_UNSPECIFIED
}
