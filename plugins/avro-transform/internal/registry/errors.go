package registry

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrIncompatible is returned for a schema that the subject's compatibility
	// level refuses.
	ErrIncompatible = errors.New("schema is incompatible")
	// ErrDenied is returned where credentials are missing, wrong or too weak.
	ErrDenied = errors.New("registry denies access")
	// ErrInvalid is returned for a schema that the registry cannot read.
	ErrInvalid = errors.New("registry cannot read the schema")
	// ErrReadOnly is returned by a registry that takes no schemas at present.
	ErrReadOnly = errors.New("registry is read-only")
	// ErrUnregistered is returned for an unknown schema where none may be registered.
	ErrUnregistered = errors.New("schema is not registered")
	// ErrUnexpected is returned for an answer that is none of the API's.
	ErrUnexpected = errors.New("unexpected answer of the registry")
)

// responseError is an answer other than success.
type responseError struct {
	url     string
	status  int
	code    int
	message string
}

func (e *responseError) Error() string {
	return fmt.Sprintf("%s answers %d (error code %d): %s", e.url, e.status, e.code, e.message)
}

// unavailableError is worth another attempt.
type unavailableError struct {
	err   error
	after time.Duration
}

func (e *unavailableError) Error() string { return e.err.Error() }
func (e *unavailableError) Unwrap() error { return e.err }

// passing says that the registry may answer later on.
func passing(err error) bool {
	var down *unavailableError
	return errors.As(err, &down)
}

// changing says that the registry does not let us in, cannot show who it is, or
// that something else answers in its place. A person has to mend that, unless the
// registry, its proxy or the credentials are being changed.
func changing(err error) bool {
	var answer *responseError
	if errors.As(err, &answer) {
		kind := answer.kind()
		return errors.Is(kind, ErrDenied) || errors.Is(kind, ErrUnexpected) && answer.code == 0
	}
	return errors.Is(err, ErrDenied) || errors.Is(err, ErrUnexpected)
}

// after is how long the registry wants to be left in peace.
func after(err error) time.Duration {
	var down *unavailableError
	if errors.As(err, &down) {
		return down.after
	}
	return 0
}

// Error codes of the API beyond the HTTP status.
const codeNotPermitted = 42205

func (e *responseError) kind() error {
	switch {
	case e.status == 401 || e.status == 403:
		return ErrDenied
	case e.status == 409:
		return ErrIncompatible
	case e.code == codeNotPermitted:
		return ErrReadOnly
	case e.status == 422 || e.status == 400:
		return ErrInvalid
	default:
		return ErrUnexpected
	}
}
