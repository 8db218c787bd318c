// Package fault tells what an error of BigQuery's services means: whether it
// passes by itself, and what to do about it if not.
//
// Kinds are in kind.go, cures in cure.go.
package fault

import (
	"errors"
	"fmt"

	"google.golang.org/api/googleapi"

	"github.com/leat-io/leat/sdk"
)

// HasStatus says whether a REST error has the HTTP status.
func HasStatus(err error, code int) bool {
	var rest *googleapi.Error
	return errors.As(err, &rest) && rest.Code == code
}

// Explain marks an error for the host and adds what to do about it. Only what
// lasts until a person acts is permanent.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	if c := Cure(err); c != "" {
		err = fmt.Errorf("%w: %s", err, c)
	}
	if kind, _ := Of(err); kind == Lasting {
		return sdk.Permanent(err)
	}
	return sdk.Transient(err)
}
