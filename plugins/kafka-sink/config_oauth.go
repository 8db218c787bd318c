package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/leat-io/leat/sdk/config"
)

// Names and values of extensions by RFC 7628; auth is the token's own.
var (
	extensionName  = regexp.MustCompile(`^[A-Za-z]+$`)
	extensionValue = regexp.MustCompile(`^[\x21-\x7E \t\r\n]+$`)
)

// validateOAuth reports what is wrong with what only OAUTHBEARER knows.
func (s SASL) validateOAuth() error {
	var errs []error
	if s.Mechanism != oauth {
		errs = append(errs, config.At("mechanism", "set it to "+oauth, fmt.Errorf("is %s, which knows neither oidc nor extensions", s.Mechanism)))
	}
	token := s.Token.String() != ""
	switch {
	case s.OIDC.IsSet() && token:
		errs = append(errs, config.At("token", "keep one of the two", errors.New("is given together with oidc")))
	case s.OIDC.IsSet():
		errs = append(errs, config.At("oidc", "", s.OIDC.Validate()))
	case !token:
		errs = append(errs, config.At("token", "set it, or oidc", fmt.Errorf("is empty, but %s needs it", oauth)))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Extensions)) {
		if !extensionName.MatchString(name) || name == "auth" || !extensionValue.MatchString(s.Extensions[name]) {
			errs = append(errs, config.At("extensions", "use letters for names, and for values what ASCII can print",
				fmt.Errorf("%q is not one that SASL can send", name)))
		}
	}
	return errors.Join(errs...)
}
