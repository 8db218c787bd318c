package registry

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testSchema = Schema{Subject: "p.a/b-value", Table: "a.b", Avro: []byte(`{"type":"string","x":"<&>"}`)}

// newTestClient waits for no time at all, and notes how long it would have.
func newTestClient(t *testing.T, log io.Writer, edit func(*Settings), urls ...string) (*Client, *[]time.Duration) {
	t.Helper()
	s := Settings{
		Endpoint: Endpoint{URLs: urls, Timeout: 5 * time.Second}, Register: true, Logger: slog.New(slog.NewTextHandler(log, nil)),
		Metrics: Metrics{
			Registrations: prometheus.NewCounter(prometheus.CounterOpts{Name: "r"}), CacheHits: prometheus.NewCounter(prometheus.CounterOpts{Name: "h"}),
			Retries: prometheus.NewCounter(prometheus.CounterOpts{Name: "t"}), Up: prometheus.NewGauge(prometheus.GaugeOpts{Name: "u"}),
		},
	}
	if edit != nil {
		edit(&s)
	}
	c := New(s)
	t.Cleanup(c.Close)
	var slept []time.Duration
	clock := time.Unix(1_700_000_000, 0)
	c.now = func() time.Time { return clock }
	c.sleep = func(ctx context.Context, d time.Duration) error {
		slept = append(slept, d)
		clock = clock.Add(d)
		return ctx.Err()
	}
	return c, &slept
}

// reading is the value of a counter or gauge.
func reading(m prometheus.Metric) float64 {
	var d dto.Metric
	if err := m.Write(&d); err != nil {
		return -1
	}
	return d.GetCounter().GetValue() + d.GetGauge().GetValue()
}

func always(status, code int, message string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			registrytest.Fail(w, status, code, message)
		}
		return r.Method == http.MethodPost
	}
}

func TestEnsure(t *testing.T) {
	t.Parallel()
	t.Run("OK registers once and remembers", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		c, _ := newTestClient(t, io.Discard, nil, r.URL+"/")
		for range 3 {
			if id, err := c.Ensure(t.Context(), testSchema); id != 1 || err != nil {
				t.Fatal(id, err)
			}
		}
		if diff := cmp.Diff([]string{"POST /subjects/p.a%2Fb-value/versions"}, r.Requests()); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{string(testSchema.Avro)}, r.Schemas("p.a/b-value")); diff != "" {
			t.Error(diff)
		}
		m := c.settings.Metrics
		if reading(m.Registrations) != 1 || reading(m.CacheHits) != 2 {
			t.Error("metrics do not count")
		}
	})
	t.Run("another subject has its own entry", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		c, _ := newTestClient(t, io.Discard, nil, r.URL)
		other := testSchema
		other.Subject = "other"
		for _, s := range []Schema{testSchema, other} {
			if id, err := c.Ensure(t.Context(), s); id != 1 || err != nil {
				t.Fatal(id, err)
			}
		}
		if len(r.Requests()) != 2 {
			t.Error(r.Requests())
		}
	})
	t.Run("only looks up where it may not register", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		writer, _ := newTestClient(t, io.Discard, nil, r.URL)
		reader, _ := newTestClient(t, io.Discard, func(s *Settings) { s.Register = false }, r.URL)
		if _, err := reader.Ensure(t.Context(), testSchema); !errors.Is(err, ErrUnregistered) || !strings.Contains(err.Error(), "auto_register: true") {
			t.Errorf("got %v", err)
		}
		if _, err := writer.Ensure(t.Context(), testSchema); err != nil {
			t.Fatal(err)
		}
		if id, err := reader.Ensure(t.Context(), testSchema); id != 1 || err != nil {
			t.Error(id, err)
		}
	})
	t.Run("finds in a read-only registry what is there", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		first, _ := newTestClient(t, io.Discard, nil, r.URL)
		if _, err := first.Ensure(t.Context(), testSchema); err != nil {
			t.Fatal(err)
		}
		r.Override(func(w http.ResponseWriter, req *http.Request) bool {
			denied := strings.HasSuffix(req.URL.Path, "/versions")
			if denied {
				registrytest.Fail(w, 403, 40301, "no writing")
			}
			return denied
		})
		second, _ := newTestClient(t, io.Discard, nil, r.URL)
		if id, err := second.Ensure(t.Context(), testSchema); id != 1 || err != nil {
			t.Error(id, err)
		}
	})
}

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
		c, _ := newTestClient(t, io.Discard, nil, gone.URL)
		ctx, cancel := context.WithCancel(t.Context())
		c.sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
		if _, err := c.Ensure(ctx, testSchema); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("got %v", err)
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
		if err := c.Health(); err == nil || reading(c.settings.Metrics.Up) != 0 {
			t.Errorf("while waiting: %v", err)
		}
		return sleep(ctx, d)
	}
}

func TestFailover(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	r := registrytest.New(t)
	c, slept := newTestClient(t, io.Discard, nil, gone.URL, r.URL)
	if id, err := c.Ensure(t.Context(), testSchema); id != 1 || err != nil {
		t.Fatal(id, err)
	}
	if len(*slept) != 0 || c.api.current.Load() != 1 {
		t.Errorf("waited %v, current node %d", *slept, c.api.current.Load())
	}
}

func TestEnsureFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status, code int
		want         error
		texts        []string
	}{
		"ErrIncompatible":    {409, 409, ErrIncompatible, []string{`subject "p.a/b-value" for a.b`, "because", "level is FULL", "PUT /config/p.a%2Fb-value"}},
		"ErrDenied":          {401, 40101, ErrDenied, []string{"registry.password"}},
		"ErrDenied to write": {403, 40301, ErrDenied, []string{"may write this subject"}},
		"ErrInvalid":         {422, 42201, ErrInvalid, []string{"schema_name_adjustment"}},
		"ErrReadOnly":        {422, 42205, ErrReadOnly, []string{"READWRITE"}},
		"ErrUnexpected":      {404, 404, ErrUnexpected, []string{"registry.urls"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			r.Level("FULL")
			r.Override(always(tt.status, tt.code, "because"))
			c, slept := newTestClient(t, io.Discard, nil, r.URL)
			_, err := c.Ensure(t.Context(), testSchema)
			if !errors.Is(err, tt.want) || len(*slept) > 0 {
				t.Fatalf("got %v after %v", err, *slept)
			}
			for _, text := range tt.texts {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is not in %v", text, err)
				}
			}
		})
	}
	t.Run("ErrUnexpected for a page", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = io.WriteString(w, "<html>")
			return true
		})
		c, _ := newTestClient(t, io.Discard, nil, r.URL)
		if _, err := c.Ensure(t.Context(), testSchema); !errors.Is(err, ErrUnexpected) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ErrUnexpected for an answer without an id", func(t *testing.T) {
		t.Parallel()
		r := registrytest.New(t)
		r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = io.WriteString(w, "{}")
			return true
		})
		c, _ := newTestClient(t, io.Discard, nil, r.URL)
		if _, err := c.Ensure(t.Context(), testSchema); !errors.Is(err, ErrUnexpected) {
			t.Errorf("got %v", err)
		}
	})
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint Endpoint
		want     string
	}{
		"none":  {Endpoint{}, ""},
		"basic": {Endpoint{User: "u", Password: "p"}, "Basic dTpw"},
		"token": {Endpoint{Token: "t"}, "Bearer t"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			got := make(chan string, 1)
			r.Override(func(_ http.ResponseWriter, req *http.Request) bool {
				got <- req.Header.Get("Authorization")
				return false
			})
			c, _ := newTestClient(t, io.Discard, func(s *Settings) {
				s.Endpoint.User, s.Endpoint.Password, s.Endpoint.Token = tt.endpoint.User, tt.endpoint.Password, tt.endpoint.Token
			}, r.URL)
			if err := c.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, <-got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProbes(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	c, _ := newTestClient(t, io.Discard, nil, r.URL)
	if level, err := c.Level(t.Context(), "a subject without its own"); level != "BACKWARD" || err != nil {
		t.Error(level, err)
	}
	if mode, ok, err := c.Mode(t.Context()); mode != "READWRITE" || !ok || err != nil {
		t.Error(mode, ok, err)
	}
	r.Mode("")
	if mode, ok, err := c.Mode(t.Context()); mode != "" || ok || err != nil {
		t.Error(mode, ok, err)
	}
	r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
		registrytest.Fail(w, 403, 40301, "no")
		return true
	})
	if err := c.Ping(t.Context()); !errors.Is(err, ErrDenied) {
		t.Error(err)
	}
	if _, err := c.Level(t.Context(), ""); err == nil {
		t.Error("want an error")
	}
	if _, _, err := c.Mode(t.Context()); err == nil {
		t.Error("want an error")
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempt, limit := range map[int]time.Duration{0: minBackoff, 3: 8 * minBackoff, 7: maxBackoff, 1 << 30: maxBackoff} {
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
