package registry

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
)

func TestEnsureWaits(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"for a broken registry": 500, "for a proxy without one": 503, "for a busy one": 429} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			var left atomic.Int32
			left.Store(100)
			var c *Client
			r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
				if left.Add(-1) < 0 {
					return false
				}
				w.WriteHeader(status)
				return true
			})
			var log strings.Builder
			c, slept := newTestClient(t, &log, nil, r.URL)
			c.sleep = healthy(t, c, c.sleep)
			if id, err := c.Ensure(t.Context(), testSchema); id != 1 || err != nil {
				t.Fatal(id, err)
			}
			if got := reading(c.settings.Metrics.Retries); got != 100 || len(*slept) != 100 {
				t.Errorf("%v retries, %d waits", got, len(*slept))
			}
			var total time.Duration
			for _, d := range *slept {
				if d > maxBackoff {
					t.Errorf("waited %v", d)
				}
				total += d
			}
			lines := strings.Count(log.String(), "registry does not answer")
			if lines < 2 || lines > 1+int(total/repeatLog) || !strings.Contains(log.String(), "registry answers again") {
				t.Errorf("%d lines over %v:\n%s", lines, total, log.String())
			}
			if err := c.Health(); err != nil || reading(c.settings.Metrics.Up) != 1 {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
	t.Run("for nothing that listens, until the end of the context", func(t *testing.T) {
		t.Parallel()
		gone := httptest.NewServer(http.NotFoundHandler())
		gone.Close()
		c, _ := newTestClient(t, io.Discard, nil, gone.URL, gone.URL+"/other")
		ctx, cancel := context.WithCancel(t.Context())
		c.sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
		if _, err := c.Ensure(ctx, testSchema); !errors.Is(err, context.Canceled) || strings.Count(err.Error(), "connection refused") != 2 || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v", err)
		}
	})
	for name, status := range map[string]int{"for a login that is being changed": 401, "for a right that is being changed": 403, "for a proxy that does not know it": 404} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			c, slept := newTestClient(t, io.Discard, nil, r.URL)
			if _, err := c.Ensure(t.Context(), testSchema); err != nil {
				t.Fatal(err)
			}
			var refused atomic.Bool
			r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
				if !refused.Load() {
					w.WriteHeader(status)
				}
				return !refused.Load()
			})
			sleep := c.sleep
			c.sleep = func(ctx context.Context, d time.Duration) error {
				if err := c.Health(); err == nil || !strings.Contains(err.Error(), "answers "+strconv.Itoa(status)) {
					t.Errorf("health says %v", err)
				}
				refused.Store(len(*slept) == 20)
				return sleep(ctx, d)
			}
			other := testSchema
			other.Avro = []byte(`"int"`)
			if _, err := c.Ensure(t.Context(), other); err != nil {
				t.Fatalf("a login that was good once: %v", err)
			}
			if err := c.Health(); err != nil {
				t.Errorf("afterwards: %v", err)
			}
			refused.Store(false)
			c.sleep = sleep
			before := c.now()
			other.Avro = []byte(`"long"`)
			if _, err := c.Ensure(t.Context(), other); !errors.Is(err, ErrDenied) && !errors.Is(err, ErrUnexpected) {
				t.Errorf("got %v", err)
			}
			if waited := c.now().Sub(before); waited < changes || waited > changes+maxBackoff {
				t.Errorf("waited for %v", waited)
			}
		})
	}
	t.Run("not for a login that was never good", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		r.Override(always(401, 40101, "no"))
		c, slept := newTestClient(t, io.Discard, nil, r.URL)
		if _, err := c.Ensure(t.Context(), testSchema); !errors.Is(err, ErrDenied) || len(*slept) > 0 {
			t.Errorf("got %v after %v", err, *slept)
		}
	})
	t.Run("as long as the registry asks for", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		var asked atomic.Bool
		r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
			if asked.Swap(true) {
				return false
			}
			w.Header().Set("Retry-After", "17")
			w.WriteHeader(503)
			return true
		})
		c, slept := newTestClient(t, io.Discard, nil, r.URL)
		if _, err := c.Ensure(t.Context(), testSchema); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{17 * time.Second}, *slept); diff != "" {
			t.Error(diff)
		}
	})
}

// healthy checks at each wait that the outage can be seen.
func healthy(t *testing.T, c *Client, sleep func(context.Context, time.Duration) error) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		if err := c.Health(); err == nil || !strings.Contains(err.Error(), `since 2023-11-14T22:13:20Z, subject "p.a/b-value"`) || reading(c.settings.Metrics.Up) != 0 {
			t.Errorf("while waiting: %v", err)
		}
		return sleep(ctx, d)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempt, limit := range map[int]time.Duration{0: minBackoff, 3: 8 * minBackoff, 4: maxBackoff, 7: maxBackoff, 1 << 30: maxBackoff} {
		for range 50 {
			if d := backoff(attempt); d < limit/2 || d > limit {
				t.Errorf("attempt %d: %v", attempt, d)
			}
		}
	}
}

func TestSleep(t *testing.T) {
	t.Parallel()
	if err := sleep(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
