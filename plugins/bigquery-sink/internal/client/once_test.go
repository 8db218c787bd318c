package client

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/api/googleapi"
)

// Google's client tries again, with pauses that double, unless it is asked once.
func TestOnce(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]int{"unavailable": 503, "internal": 500, "not found": 404} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.WriteHeader(code)
				_, _ = w.Write([]byte(`{"error":{"message":"why"}}`))
			}))
			defer s.Close()
			c, err := New(t.Context(), Settings{Project: "p", REST: s.URL, GRPC: "127.0.0.1:1", Insecure: true, Connections: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			ctx, cancel := Once(t.Context(), time.Minute)
			defer cancel()
			start := time.Now()
			_, err = c.REST.Dataset("d").Table("t").Metadata(ctx)
			var rest *googleapi.Error
			if !errors.As(err, &rest) || rest.Code != code || rest.Message != "why" {
				t.Errorf("got %v, want the answer %d with its message", err, code)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("gave up after %v and %d tries", took, asked.Load())
			}
		})
	}
	t.Run("a connection that is refused", func(t *testing.T) {
		t.Parallel()
		c, err := New(t.Context(), Settings{Project: "p", REST: "http://127.0.0.1:1", GRPC: "127.0.0.1:1", Insecure: true, Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		ctx, cancel := Once(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if _, err := c.REST.Dataset("d").Metadata(ctx); err == nil || time.Since(start) > 5*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}
