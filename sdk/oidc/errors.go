package oidc

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Error is why there is no token. It holds no secret.
type Error struct {
	// URL of the token endpoint.
	URL  string
	text string
	err  error
}

// Error says what the token endpoint answered and what to do.
func (e *Error) Error() string { return "get a token from " + e.URL + ": " + e.text }

// Unwrap returns what it came of.
func (e *Error) Unwrap() error { return e.err }

// unreadable is for a file that may be in the middle of being replaced.
func unreadable(url, text string, err error) error {
	return sdk.Transient(&Error{URL: url, text: text, err: err})
}

// refused tells what passes from what a person has to mend.
func refused(url, client, secret string, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.Response != nil {
		return answered(url, client, secret, answer)
	}
	var network net.Error
	var certificate *tls.CertificateVerificationError
	e := &Error{URL: url, text: conceal(err.Error(), client, secret), err: err}
	switch {
	case errors.As(err, &certificate):
		e.text += ": " + tlsconfig.Cure("oidc.tls", err)
		return sdk.Permanent(e)
	case errors.As(err, &network):
		if cure := tlsconfig.Cure("oidc.tls", err); cure != "" {
			e.text += ": " + cure
		}
		return sdk.Transient(e)
	}
	e.text += ": check that oidc.token_url is that of the token endpoint"
	return sdk.Permanent(e)
}

// cures by the error codes of RFC 6749.
var cures = map[string]string{
	"invalid_client":         "check oidc.client_id and oidc.client_secret",
	"unauthorized_client":    "let the provider give this client tokens by client credentials",
	"unsupported_grant_type": "let the provider give tokens by client credentials",
	"invalid_scope":          "check oidc.scopes",
	"invalid_target":         "check oidc.audience and oidc.parameters",
	"invalid_request":        "check oidc.scopes, oidc.audience and oidc.parameters",
	"access_denied":          "let the provider give this client what oidc.scopes and oidc.audience ask for",
}

const maxDescription = 500

func answered(url, client, secret string, answer *oauth2.RetrieveError) error {
	status := answer.Response.StatusCode
	text := fmt.Sprintf("it answers %d", status)
	if answer.ErrorCode != "" {
		text += " " + answer.ErrorCode
	}
	if d := answer.ErrorDescription; d != "" {
		text += fmt.Sprintf(" (%.*s)", maxDescription, d)
	}
	e := &Error{URL: url, text: conceal(text, client, secret), err: nil}
	cure, known := cures[answer.ErrorCode]
	switch {
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout,
		answer.ErrorCode == "temporarily_unavailable", answer.ErrorCode == "server_error", answer.ErrorCode == "slow_down":
		return sdk.Transient(e)
	case !known && status == http.StatusUnauthorized:
		cure = cures["invalid_client"]
	case !known:
		cure = "check that oidc.token_url is that of the token endpoint"
	}
	e.text += ": " + cure
	return sdk.Permanent(e)
}

// conceal keeps the secret out of the text of a provider that repeats it, as it is
// or as it was sent.
func conceal(text, client, secret string) string {
	if secret == "" {
		return text
	}
	sent := url.QueryEscape(secret)
	basic := base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(client) + ":" + sent))
	return strings.NewReplacer(basic, "***", secret, "***", sent, "***").Replace(text)
}
