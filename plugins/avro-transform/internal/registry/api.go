package registry

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

const (
	contentType = "application/vnd.schemaregistry.v1+json"
	maxAnswer   = 16 << 20
	maxMessage  = 2000
	pingAfter   = 3 * time.Second
)

// Endpoint says where the registry is and how to get in.
type Endpoint struct {
	// URLs of the registry's nodes. The one that answered last is asked first.
	URLs []string
	// User with Password, or the Token, and the files of TLS are read for each
	// request.
	User            config.Text
	Password, Token config.Secret
	TLS             tlsconfig.Config
	// Timeout of one request to one node.
	Timeout time.Duration

	// Provider gives the Bearer token of each request, if it is not nil.
	Provider *oidc.Source
	// Headers go with each request.
	Headers map[string]string
}

// api makes requests and knows nothing of what they are for.
type api struct {
	endpoint Endpoint
	http     *http.Client
	current  atomic.Int32
}

func newAPI(e Endpoint) *api {
	return &api{endpoint: e, http: &http.Client{
		Transport: &transport{tls: e.TLS}, Timeout: e.Timeout,
		// Along a redirect credentials would go to where nobody checked that they may.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (a *api) close() { a.http.CloseIdleConnections() }

// call asks the nodes in turn until one gives an answer that is worth having.
func (a *api) call(ctx context.Context, method, path string, body, into any) error {
	payload, err := encode(body)
	if err != nil {
		return err
	}
	nodes := len(a.endpoint.URLs)
	first := int(a.current.Load())
	var faults error
	var after time.Duration
	for i := range nodes {
		n := (first + i) % nodes
		err := a.ask(ctx, method, strings.TrimRight(a.endpoint.URLs[n], "/")+path, payload, into)
		var down *unavailableError
		if !errors.As(err, &down) {
			a.current.Store(int32(n))
			return err
		}
		faults = also(faults, down.err)
		after = max(after, down.after)
	}
	return &unavailableError{err: faults, after: after}
}

// also joins errors in one line, as they go into a log.
func also(first, second error) error {
	if first == nil {
		return second
	}
	return fmt.Errorf("%w; %w", first, second)
}

func encode(body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	return b.Bytes(), nil
}

func (a *api) ask(ctx context.Context, method, url string, payload []byte, into any) error {
	req, err := a.request(ctx, method, url, payload)
	if err == nil {
		err = a.endpoint.bear(req)
	}
	if err != nil {
		return err
	}
	res, err := a.http.Do(req)
	if err != nil {
		return transportError(ctx, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return transportError(ctx, fmt.Errorf("read answer of %s: %w", url, err))
	}
	if res.StatusCode/100 != 2 {
		return statusError(res, url, b)
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%w: %s answers %d with %.200q: is it the URL of the registry's API?", ErrUnexpected, url, res.StatusCode, concealed(req, string(b)))
	}
	return nil
}

func (a *api) request(ctx context.Context, method, url string, payload []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(payload))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Accept", contentType+", application/json")
	if len(payload) > 0 {
		req.Header.Set("Content-Type", contentType)
	}
	if err := a.endpoint.authorize(req); err != nil {
		return nil, &unavailableError{err: err} // somebody may be replacing the file
	}
	return req, nil
}

func (e *Endpoint) authorize(req *http.Request) error {
	token, err := e.Token.Reveal()
	if err != nil || token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
		return err
	}
	user, err := e.User.Read()
	if err != nil || user == "" {
		return err
	}
	password, err := e.Password.Reveal()
	req.SetBasicAuth(user, password)
	return err
}

// transportError tells a broken connection, which is worth another attempt, from
// a certificate that a person has to mend and from the end of the context.
func transportError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	var cert *tls.CertificateVerificationError
	if errors.As(err, &cert) {
		return fmt.Errorf("%w: %w: %s", ErrDenied, err, tlsconfig.Cure("registry.tls", err))
	}
	return &unavailableError{err: err}
}

func statusError(res *http.Response, url string, body []byte) error {
	e := &responseError{url: url, status: res.StatusCode}
	var answer struct {
		Code    int    `json:"error_code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &answer) == nil && answer.Message != "" {
		e.code, e.message = answer.Code, answer.Message
	} else {
		e.message = strings.TrimSpace(string(body))
	}
	if to := res.Header.Get("Location"); res.StatusCode/100 == 3 && to != "" {
		e.code, e.message = 0, "it redirects to "+to+", which is not followed: set registry.urls to where the registry is"
	}
	e.message = concealed(res.Request, e.message)
	if len(e.message) > maxMessage {
		e.message = e.message[:maxMessage] + "…"
	}
	if res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusRequestTimeout {
		return &unavailableError{err: e, after: retryAfter(res.Header)}
	}
	return e
}

// retryAfter reads the header's form in seconds; dates are not worth it.
func retryAfter(h http.Header) time.Duration {
	s, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || s < 0 {
		return 0
	}
	return min(time.Duration(s)*time.Second, maxRetryAfter)
}
