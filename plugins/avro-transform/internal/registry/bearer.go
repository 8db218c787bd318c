package registry

import (
	"fmt"
	"net/http"

	"github.com/leat-io/leat/sdk"
)

// bear adds the headers and the token of now to a request.
func (e *Endpoint) bear(req *http.Request) error {
	for name, value := range e.Headers {
		req.Header.Set(name, value)
	}
	if e.Provider == nil {
		return nil
	}
	token, err := e.Provider.Token(req.Context())
	switch {
	case err == nil:
		req.Header.Set("Authorization", "Bearer "+token)
		return nil
	case req.Context().Err() != nil:
		return err
	case sdk.IsTransient(err):
		return &unavailableError{err: err}
	}
	return fmt.Errorf("%w: %w", ErrDenied, err)
}
