package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/leat-io/leat/sdk/config"
)

var (
	errOther    = errors.New("is given together with user or token")
	errHeader   = errors.New("is not a header that HTTP can send")
	errReserved = errors.New("is set by leat itself")
)

// Names and values of headers by RFC 9110.
var (
	headerName  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	headerValue = regexp.MustCompile(`^[\t\x20-\x7E]*$`)
)

// validateBearer returns the faults of the provider of tokens and of the headers.
func (r Registry) validateBearer() error {
	var faults []error
	if r.OIDC.IsSet() {
		faults = append(faults, config.At("oidc", "", r.OIDC.Validate()))
		if r.Token.String() != "" || r.Password.String() != "" {
			faults = append(faults, config.At("oidc", "keep one of them", errOther))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		switch {
		case !headerName.MatchString(name) || !headerValue.MatchString(r.Headers[name]):
			faults = append(faults, config.At("headers", "correct or remove it", fmt.Errorf("%q %w", name, errHeader)))
		case slices.Contains([]string{"authorization", "accept", "content-type"}, strings.ToLower(name)):
			faults = append(faults, config.At("headers", "use user, token or oidc to log in", fmt.Errorf("%q %w", name, errReserved)))
		}
	}
	return errors.Join(faults...)
}
