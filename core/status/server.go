package status

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	readTimeout     = 10 * time.Second
	shutdownTimeout = 200 * time.Millisecond // a part of stop_timeout
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
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { healthz(w, pipelines) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { readyz(w, pipelines) })
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { statusz(w, pipelines) })
	return mux
}

// healthz answers 503 if a pipeline has failed for good: as long as others run,
// nothing else would have somebody look, or start the host anew.
func healthz(w http.ResponseWriter, pipelines []Pipeline) {
	var lost []string
	for _, p := range pipelines {
		if v := p.View(); v.isLost() {
			lost = append(lost, v.Name+": "+oneLine(v.failed(time.Now()))+"\n")
		}
	}
	if len(lost) == 0 {
		lost = []string{"ok\n"}
	} else {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprint(w, strings.Join(lost, ""))
}

// readyz answers 200 if every pipeline runs and none of its plugins waits.
func readyz(w http.ResponseWriter, pipelines []Pipeline) {
	ready := true
	var lines []string
	for _, p := range pipelines {
		v := p.View()
		line := v.waiting(time.Now())
		if line == "" {
			line = "ok"
		} else {
			ready = false
		}
		lines = append(lines, v.Name+": "+oneLine(line)+"\n")
	}
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprint(w, strings.Join(lines, ""))
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
