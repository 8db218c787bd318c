package registry

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Settings of a client.
type Settings struct {
	Endpoint Endpoint
	// Register new schemas; else every schema must be there already.
	Register bool
	Logger   *slog.Logger
	Metrics  Metrics
}

// Metrics that the client keeps.
type Metrics struct {
	Registrations, CacheHits, Retries prometheus.Counter
	Up                                prometheus.Gauge
}

// Schema is a schema to be registered.
type Schema struct {
	Subject string
	// Table names what the schema is of, for messages.
	Table string
	Avro  []byte
}

// Client gets the ids of schemas. It is safe for concurrent use.
type Client struct {
	settings Settings
	api      *api
	outage   outage
	// sleep and now are those of tests where they are not the real ones.
	sleep func(context.Context, time.Duration) error
	now   func() time.Time

	mu  sync.Mutex
	ids map[cacheKey]int32
	// admitted says that the registry has let us in once.
	admitted bool
}

type cacheKey struct {
	subject string
	sum     [sha256.Size]byte
}

// New returns a client. It connects to nothing.
func New(s Settings) *Client {
	return &Client{
		settings: s, api: newAPI(s.Endpoint), ids: map[cacheKey]int32{},
		outage: outage{log: s.Logger, up: s.Metrics.Up},
		sleep:  sleep, now: time.Now,
	}
}

// Close lets go of connections.
func (c *Client) Close() { c.api.close() }

// Health returns what the client waits for, nil if nothing.
func (c *Client) Health() error { return c.outage.health() }

// changes is how long a registry is waited for that does not let us in after it
// did, or in whose place something else answers: credentials that are being
// changed are not everywhere at once, nor is a registry that is being moved.
const changes = 5 * time.Minute

// Ensure returns the id of a schema, which it registers if that is allowed. It
// waits for a registry that does not answer until ctx ends; any other error is
// for a person to mend.
func (c *Client) Ensure(ctx context.Context, s Schema) (int32, error) {
	key := cacheKey{s.Subject, sha256.Sum256(s.Avro)}
	if id, ok := c.cached(key); ok {
		c.settings.Metrics.CacheHits.Inc()
		return id, nil
	}
	var changed time.Time // since when the registry is not what it was
	for attempt := 0; ; attempt++ {
		id, err := c.obtain(ctx, s)
		if !changing(err) {
			changed = time.Time{}
		} else if changed.IsZero() {
			changed = c.now()
		}
		if !passing(err) && !c.mayReturn(changed) {
			c.outage.end(c.now())
			if err != nil {
				return 0, c.explain(ctx, s, err)
			}
			c.remember(key, id)
			return id, nil
		}
		c.outage.begin(s.Subject, err, c.now())
		c.settings.Metrics.Retries.Inc()
		if e := c.sleep(ctx, max(backoff(attempt), after(err))); e != nil {
			return 0, fmt.Errorf("wait for the registry, which says %w: %w", err, e)
		}
	}
}

// mayReturn says whether a registry that was good once may be so again.
func (c *Client) mayReturn(changed time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.admitted && !changed.IsZero() && c.now().Sub(changed) < changes
}

func (c *Client) cached(key cacheKey) (int32, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, ok := c.ids[key]
	return id, ok
}

func (c *Client) remember(key cacheKey, id int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids[key] = id
	c.admitted = true
}

// obtain registers a schema or looks it up. Who may not register may still find
// that somebody else has.
func (c *Client) obtain(ctx context.Context, s Schema) (int32, error) {
	if !c.settings.Register {
		return c.post(ctx, lookupPath(s.Subject), s.Avro)
	}
	id, err := c.post(ctx, registerPath(s.Subject), s.Avro)
	var answer *responseError
	if errors.As(err, &answer) && (answer.status == http.StatusForbidden || answer.code == codeNotPermitted) {
		if id, lookupErr := c.post(ctx, lookupPath(s.Subject), s.Avro); lookupErr == nil {
			return id, nil
		}
	}
	if err == nil {
		c.settings.Metrics.Registrations.Inc()
	}
	return id, err
}

func (c *Client) post(ctx context.Context, path string, schema []byte) (int32, error) {
	var answer struct {
		ID *int32 `json:"id"`
	}
	if err := c.api.call(ctx, http.MethodPost, path, map[string]string{"schema": string(schema)}, &answer); err != nil {
		return 0, err
	}
	if answer.ID == nil {
		return 0, fmt.Errorf("%w: no id in the answer to %s", ErrUnexpected, path)
	}
	return *answer.ID, nil
}

func registerPath(subject string) string { return lookupPath(subject) + "/versions" }
func lookupPath(subject string) string   { return "/subjects/" + url.PathEscape(subject) }
