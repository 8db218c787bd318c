package registry

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
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
