// Package registrytest is a schema registry for tests: it keeps schemas as
// Confluent's does, and answers otherwise where a test says so.
package registrytest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Server is the registry.
type Server struct {
	URL string

	mu       sync.Mutex
	ids      map[string]int32            // by text
	subjects map[string]map[string]int32 // subject, text
	requests []string
	override func(w http.ResponseWriter, r *http.Request) bool
	level    string
	mode     string
}

// New starts a registry that ends with the test.
func New(t testing.TB) *Server {
	s := &Server{ids: map[string]int32{}, subjects: map[string]map[string]int32{}, level: "BACKWARD", mode: "READWRITE"}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// Override has f see each request first. It returns true for those it has answered.
func (s *Server) Override(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.override = f
}

// Level sets the compatibility level, which is only told.
func (s *Server) Level(level string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.level = level
}

// Mode sets the mode; only READWRITE takes schemas, and the empty one is unknown.
func (s *Server) Mode(mode string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = mode
}

// Schemas returns the schemas of a subject, in no order.
func (s *Server) Schemas(subject string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	texts := make([]string, 0, len(s.subjects[subject]))
	for text := range s.subjects[subject] {
		texts = append(texts, text)
	}
	return texts
}

// Requests returns the requests so far, as "METHOD path".
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

// Fail answers as the registry does for an error.
func Fail(w http.ResponseWriter, status, code int, message string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error_code": code, "message": message})
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	override := s.override
	s.requests = append(s.requests, r.Method+" "+r.URL.EscapedPath())
	s.mu.Unlock()
	if override != nil && override(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch parts := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/"); {
	case r.Method == http.MethodGet && parts[0] == "config" && len(parts) == 1:
		answer(w, map[string]string{"compatibilityLevel": s.level})
	case r.Method == http.MethodGet && parts[0] == "mode" && s.mode != "":
		answer(w, map[string]string{"mode": s.mode})
	case r.Method == http.MethodGet && parts[0] == "subjects" && len(parts) == 1:
		answer(w, []string{})
	case r.Method == http.MethodPost && parts[0] == "subjects" && len(parts) > 1:
		s.post(w, r, parts)
	default:
		Fail(w, http.StatusNotFound, 404, "not found")
	}
}

func (s *Server) post(w http.ResponseWriter, r *http.Request, parts []string) {
	subject, _ := url.PathUnescape(parts[1])
	var body struct {
		Schema string `json:"schema"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		Fail(w, http.StatusUnprocessableEntity, 42201, err.Error())
		return
	}
	id, known := s.subjects[subject][body.Schema]
	switch {
	case known:
		answer(w, map[string]any{"id": id})
	case len(parts) == 2:
		Fail(w, http.StatusNotFound, 40403, "Schema not found")
	case s.mode != "READWRITE" && s.mode != "":
		Fail(w, http.StatusUnprocessableEntity, 42205, "Subject "+subject+" is in read-only mode")
	default:
		answer(w, map[string]any{"id": s.register(subject, body.Schema)})
	}
}

// register gives the same text the same id under all subjects.
func (s *Server) register(subject, text string) int32 {
	id, ok := s.ids[text]
	if !ok {
		id = int32(len(s.ids)) + 1
		s.ids[text] = id
	}
	if s.subjects[subject] == nil {
		s.subjects[subject] = map[string]int32{}
	}
	s.subjects[subject][text] = id
	return id
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	_ = json.NewEncoder(w).Encode(v)
}
