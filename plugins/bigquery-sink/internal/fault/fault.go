// Package fault tells what an error of BigQuery's services means: whether it
// passes by itself, and what to do about it if not.
package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/sdk"
)

// Kind is what can be done about an error.
type Kind byte

// The kinds.
const (
	// Passing errors go away by themselves.
	Passing Kind = iota + 1
	// Late errors go away if a table or column that was just made is not known
	// everywhere yet; else a person has to act.
	Late
	// Lasting errors stay until a person acts.
	Lasting
)

// Of returns the kind of an error and a short name for metrics.
func Of(err error) (Kind, string) {
	var rest *googleapi.Error
	if errors.As(err, &rest) {
		return ofREST(rest), fmt.Sprintf("http_%d", rest.Code)
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
	return ofGRPC(s.Code()), s.Code().String()
}

func ofGRPC(c codes.Code) Kind {
	switch c {
	case codes.NotFound:
		return Late
	case codes.InvalidArgument, codes.PermissionDenied, codes.Unauthenticated, codes.Unimplemented, codes.OutOfRange:
		return Lasting
	default:
		return Passing
	}
}

func ofREST(e *googleapi.Error) Kind {
	switch {
	case e.Code == http.StatusForbidden && limited(e):
		return Passing
	case e.Code == http.StatusTooManyRequests, e.Code == http.StatusRequestTimeout, e.Code == http.StatusPreconditionFailed:
		return Passing
	case e.Code >= http.StatusBadRequest && e.Code < http.StatusInternalServerError:
		return Lasting
	}
	return Passing
}

// limited tells a limit of rate, which passes, from a right that is missing.
func limited(e *googleapi.Error) bool {
	for _, item := range e.Errors {
		if item.Reason == "rateLimitExceeded" || item.Reason == "quotaExceeded" {
			return true
		}
	}
	return false
}

func storageCode(s *status.Status) storagepb.StorageError_StorageErrorCode {
	for _, d := range s.Details() {
		if e, ok := d.(*storagepb.StorageError); ok {
			return e.GetCode()
		}
	}
	return storagepb.StorageError_STORAGE_ERROR_CODE_UNSPECIFIED
}

// HasStatus says whether a REST error has the HTTP status.
func HasStatus(err error, code int) bool {
	var rest *googleapi.Error
	return errors.As(err, &rest) && rest.Code == code
}

// Explain marks an error for the host and adds what to do about it. What goes
// away by itself is transient, and so is what a person has mended meanwhile.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	kind, _ := Of(err)
	if kind == Passing {
		return sdk.Transient(err)
	}
	if c := cure(err); c != "" {
		err = fmt.Errorf("%w: %s", err, c)
	}
	return sdk.Permanent(err)
}

func cure(err error) string {
	code := codes.Unknown
	if s, ok := status.FromError(err); ok {
		code = s.Code()
		if storageCode(s) == storagepb.StorageError_SCHEMA_MISMATCH_EXTRA_FIELDS {
			return "somebody dropped columns or the primary key of the table: restart the pipeline, which adds columns that are missing and tells if the key is"
		}
	}
	switch {
	case HasStatus(err, http.StatusForbidden) && strings.Contains(err.Error(), "bigquery.jobs.create"):
		return "give the account roles/bigquery.jobUser in the project, which statements need: those for max_staleness, and to empty a table"
	case code == codes.PermissionDenied || HasStatus(err, http.StatusForbidden):
		return "give the account roles/bigquery.dataEditor on the dataset"
	case code == codes.Unauthenticated || HasStatus(err, http.StatusUnauthorized):
		return "correct credentials_file or credentials_json"
	case code == codes.NotFound || HasStatus(err, http.StatusNotFound):
		return "check project and dataset; if the table was dropped, restart the pipeline, which makes a new one that has only the rows to come"
	case code == codes.InvalidArgument && strings.Contains(err.Error(), "too large"):
		return "lower max_request_bytes"
	}
	return ""
}
