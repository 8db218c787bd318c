package status

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	readTimeout     = 10 * time.Second
	shutdownTimeout = 2 * time.Second
)

// Server serves the status of pipelines.
type Server struct{ http *http.Server }

// Listen serves on an address; empty: nothing is served.
func Listen(addr string, pipelines []Pipeline, log *slog.Logger) (*Server, error) {
	if addr == "" {
		return &Server{}, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics and health on %s: %w; choose another address by --listen, or none", addr, err)
	}
	s := &Server{http: &http.Server{Handler: Handler(pipelines, log), ReadTimeout: readTimeout}}
	log.Info("metrics and health are served", "url", "http://"+l.Addr().String()+"/metrics")
	go func() {
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics and health are no longer served", "error", err)
		}
	}()
	return s, nil
}

// Close ends the server.
func (s *Server) Close() {
	if s.http == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close() // connections that do not end are cut
	}
}

// Handler answers for the pipelines. log gets what is left out of /metrics.
func Handler(pipelines []Pipeline, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	shown := promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}
	mux.Handle("GET /metrics", promhttp.HandlerFor(newGatherer(pipelines, log), shown))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { readyz(w, pipelines) })
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { statusz(w, pipelines) })
	return mux
}

// readyz answers 200 if every pipeline runs and none of its plugins waits.
func readyz(w http.ResponseWriter, pipelines []Pipeline) {
	for _, p := range pipelines {
		if v := p.View(); v.waiting() != "" {
			w.WriteHeader(http.StatusServiceUnavailable)
			break
		}
	}
	for _, p := range pipelines {
		v := p.View()
		line := v.waiting()
		if line == "" {
			line = "ok"
		}
		fmt.Fprintf(w, "%s: %s\n", v.Name, line)
	}
}

func statusz(w http.ResponseWriter, pipelines []Pipeline) {
	views := []View{}
	for _, p := range pipelines {
		views = append(views, p.View())
	}
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(views) // a client that has gone is no matter
}
