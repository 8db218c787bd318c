package fault

import (
	"errors"
	"net/http"
	"strings"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Editor is the cure where a right on a dataset is missing; the dataset's name may
// follow.
const Editor = "give the account roles/bigquery.dataEditor on the dataset"

// Cure says what a person can do about an error, and is empty where nothing helps
// but time, or where only the Tables API knows what is wrong.
func Cure(err error) string {
	code, text := codeOf(err), err.Error()
	forbidden := HasStatus(err, http.StatusForbidden) || has(err, "accessDenied")
	switch {
	case has(err, "billingNotEnabled"):
		return "enable billing in the project: without it BigQuery takes no rows and runs no statements that change data"
	case has(err, "quotaExceeded") || code == codes.ResourceExhausted && strings.Contains(strings.ToLower(text), "quota"):
		return "raise the quota in the project if it lasts"
	case has(err, "rateLimitExceeded"), has(err, "jobRateLimitExceeded"):
		return ""
	case forbidden && strings.Contains(text, "bigquery.jobs.create"):
		return "give the account roles/bigquery.jobUser in the project, which statements need: those for max_staleness, and to empty a table"
	case forbidden && strings.Contains(text, "bigquery.datasets.create"):
		return "give the account roles/bigquery.user in the project, which create_dataset needs, or create the dataset"
	case forbidden:
		return Editor
	case code == codes.Unauthenticated || HasStatus(err, http.StatusUnauthorized):
		return "correct credentials_file, credentials_json, or the credentials of the environment, which are read again at the next try"
	case strings.Contains(text, "cannot fetch token"):
		return "check that the account's key is valid, and that its token_uri can be reached"
	case HasStatus(err, http.StatusNotFound) || has(err, "notFound"):
		return "check project and dataset; if the table was dropped, restart the pipeline, which makes a new one that has only the rows to come"
	case code == codes.InvalidArgument && strings.Contains(text, "too large"):
		return "lower max_request_bytes"
	}
	return ""
}

func codeOf(err error) codes.Code {
	if s, ok := status.FromError(err); ok {
		return s.Code()
	}
	return codes.Unknown
}

// has says whether BigQuery gives the reason.
func has(err error, reason string) bool {
	var job *bigquery.Error
	if errors.As(err, &job) && job.Reason == reason {
		return true
	}
	var rest *googleapi.Error
	if !errors.As(err, &rest) {
		return false
	}
	for _, item := range rest.Errors {
		if item.Reason == reason {
			return true
		}
	}
	return false
}
