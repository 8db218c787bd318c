package rest

import (
	"encoding/json"
	"errors"
	"net/http"

	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// apiError is an error as Google's JSON APIs report it.
type apiError struct {
	code    int
	reason  string
	message string
}

// Error returns the message alone.
func (e *apiError) Error() string { return e.message }

func invalid(err error) *apiError {
	return &apiError{http.StatusBadRequest, "invalid", err.Error()}
}

var reasons = map[warehouse.Reason]apiError{
	warehouse.Invalid:      {code: http.StatusBadRequest, reason: "invalid"},
	warehouse.NotFound:     {code: http.StatusNotFound, reason: "notFound"},
	warehouse.Duplicate:    {code: http.StatusConflict, reason: "duplicate"},
	warehouse.InUse:        {code: http.StatusBadRequest, reason: "resourceInUse"},
	warehouse.Denied:       {code: http.StatusForbidden, reason: "accessDenied"},
	warehouse.Precondition: {code: http.StatusPreconditionFailed, reason: "conditionNotMet"},
}

// planned gives a fault the status that the API answers with in such a case.
func planned(o fault.Outcome) *apiError {
	switch o.Code {
	case codes.Unavailable:
		return &apiError{http.StatusServiceUnavailable, "backendError", o.Message}
	case codes.ResourceExhausted:
		return &apiError{http.StatusForbidden, "rateLimitExceeded", o.Message}
	case codes.Unauthenticated:
		return &apiError{http.StatusUnauthorized, "authError", o.Message}
	case codes.NotFound:
		return &apiError{http.StatusNotFound, "notFound", o.Message}
	case codes.PermissionDenied:
		return &apiError{http.StatusForbidden, "accessDenied", o.Message}
	default:
		return &apiError{http.StatusInternalServerError, "internalError", o.Message}
	}
}

func writeError(w http.ResponseWriter, err error) {
	var e *apiError
	var refused *warehouse.Error
	switch {
	case errors.As(err, &e):
	case errors.As(err, &refused):
		known := reasons[refused.Reason]
		e = &apiError{known.code, known.reason, refused.Message}
	default:
		e = &apiError{http.StatusInternalServerError, "internalError", err.Error()}
	}
	type item struct {
		Message string `json:"message"`
		Domain  string `json:"domain"`
		Reason  string `json:"reason"`
	}
	body, err := json.Marshal(map[string]any{"error": map[string]any{
		"code": e.code, "message": e.message, "errors": []item{{e.message, "global", e.reason}},
	}})
	if err != nil {
		body = []byte(`{"error":{"code":500}}`)
	}
	writeJSON(w, e.code, body)
}
