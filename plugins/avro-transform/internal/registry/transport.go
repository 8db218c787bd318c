package registry

import (
	"net/http"
	"sync"
	"time"

	"github.com/leat-io/leat/sdk/tlsconfig"
)

// transport sends requests over connections that were made with the certificates
// as they are now. net/http's takes them once for all, and behind a proxy it alone
// can make the connection, so there is a new one whenever the files have changed.
type transport struct {
	tls tlsconfig.Config

	mu    sync.Mutex
	files tlsconfig.Files
	http  *http.Transport
}

// RoundTrip sends one request.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	current, err := t.current()
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // as a RoundTripper has to
		}
		return nil, err
	}
	return current.RoundTrip(r)
}

func (t *transport) current() (*http.Transport, error) {
	files, err := t.tls.Load()
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.http != nil && files == t.files {
		return t.http, nil
	}
	conf, err := t.tls.With(files, "") // net/http fills in the host
	if err != nil {
		return nil, err
	}
	if t.http != nil {
		t.http.CloseIdleConnections()
	}
	t.files = files
	t.http = &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     conf,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 1,
		IdleConnTimeout:     time.Minute,
		// A request's timeout does not end a connection of HTTP/2, over which the next
		// request would wait as well.
		HTTP2: &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingAfter},
	}
	return t.http, nil
}

// CloseIdleConnections lets go of connections.
func (t *transport) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.http != nil {
		t.http.CloseIdleConnections()
	}
}
