package client

import (
	"context"
	"net/http"
	"time"
)

// once is how long Google's client of the REST API has for an answer that says no.
const once = 100 * time.Millisecond

type onceKey struct{}

// Once returns a context under which a request of the REST API is tried once.
// Google's client would try again, with pauses of up to 32 s, which the caller is
// to choose.
func Once(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	return context.WithValue(ctx, onceKey{}, cancel), cancel
}

// onceTransport ends the context of a request that failed, once its answer could be read.
type onceTransport struct{ http.RoundTripper }

// RoundTrip sends a request.
func (o onceTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := o.RoundTripper.RoundTrip(r)
	if cancel, ok := r.Context().Value(onceKey{}).(context.CancelFunc); ok && (err != nil || again(res.StatusCode)) {
		time.AfterFunc(once, cancel)
	}
	return res, err
}

// again says whether Google's client may try again after such an answer.
func again(code int) bool {
	return code >= http.StatusInternalServerError || code == http.StatusTooManyRequests || code == http.StatusForbidden
}
