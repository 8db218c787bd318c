// Package registry is a schema registry for the demo and for tests without a
// real one: franz-go's srfake, whose compatibility check always says yes, with a
// real check in front of it. The truth is the real registry in e2e.
package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"

	"github.com/leat-io/leat/sdk/avro"
)

// maxBody bounds a request.
const maxBody = 16 << 20

// Server is a running registry.
type Server struct {
	// URL of the Confluent API.
	URL string

	fake *srfake.Registry
	http *http.Server
	mu   sync.Mutex // a check and the registration after it are one step
}

// Start serves on an address: host:port, port 0 for a free one.
func Start(addr string) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the registry: %w", err)
	}
	s := &Server{URL: "http://" + l.Addr().String(), fake: srfake.NewRegistry(srfake.WithGlobalCompat(sr.CompatBackward))}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(l) }() // it returns when Close has closed the listener
	return s, nil
}

// Close ends the server.
func (s *Server) Close() error { return s.http.Close() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	subject, register := strings.CutPrefix(r.URL.Path, "/subjects/")
	subject, isVersions := strings.CutSuffix(subject, "/versions")
	check, isCheck := checkedSubject(r)
	if guarded := isCheck || (register && isVersions); r.Method != http.MethodPost || !guarded {
		s.fake.Handler().ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, 413, err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if isCheck {
		reasons, err := s.faults(check, body)
		answerCheck(w, reasons, err)
		return
	}
	reasons, err := s.faults(subject, body)
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, sr.ErrInvalidSchema.Code, err.Error())
		return
	}
	if len(reasons) > 0 {
		refuse(w, http.StatusConflict, http.StatusConflict,
			fmt.Sprintf("Schema being registered is incompatible with an earlier schema for subject %q: %s", subject, strings.Join(reasons, "; ")))
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.fake.Handler().ServeHTTP(w, r)
}

// checkedSubject returns the subject of POST /compatibility/subjects/S/versions[/V].
func checkedSubject(r *http.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/compatibility/subjects/")
	if !ok {
		return "", false
	}
	subject, _, ok := strings.Cut(rest, "/versions")
	return subject, ok
}

// faults says why a schema may not become the next version of a subject.
func (s *Server) faults(subject string, body []byte) ([]string, error) {
	var req struct {
		Schema     string `json:"schema"`
		SchemaType string `json:"schemaType"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	next, err := avro.Parse(req.Schema)
	if err != nil {
		return nil, err
	}
	level := s.level(subject)
	earlier, err := s.versions(subject, strings.HasSuffix(level, "_TRANSITIVE"))
	if err != nil {
		return nil, err
	}
	var reasons []string
	for _, before := range earlier {
		if strings.HasPrefix(level, "BACKWARD") || strings.HasPrefix(level, "FULL") {
			reasons = appendReason(reasons, "the new schema cannot read old data", next.CanRead(before))
		}
		if strings.HasPrefix(level, "FORWARD") || strings.HasPrefix(level, "FULL") {
			reasons = appendReason(reasons, "the old schema cannot read new data", before.CanRead(next))
		}
	}
	return reasons, nil
}

func appendReason(reasons []string, what string, err error) []string {
	if err == nil {
		return reasons
	}
	return append(reasons, what+": "+err.Error())
}

// level returns the compatibility that holds for a subject.
func (s *Server) level(subject string) string {
	for _, path := range []string{"/config/" + subject, "/config"} {
		var out struct {
			Level string `json:"compatibilityLevel"`
		}
		if s.get(path, &out) && out.Level != "" {
			return out.Level
		}
	}
	return "NONE"
}

// versions returns the last schema of a subject, or all of them, newest first.
func (s *Server) versions(subject string, all bool) ([]*avro.Schema, error) {
	var numbers []int
	if !s.get("/subjects/"+subject+"/versions", &numbers) {
		return nil, nil
	}
	var out []*avro.Schema
	for i := len(numbers) - 1; i >= 0 && (all || len(out) == 0); i-- {
		var version struct {
			Schema string `json:"schema"`
		}
		if !s.get(fmt.Sprintf("/subjects/%s/versions/%d", subject, numbers[i]), &version) {
			continue
		}
		schema, err := avro.Parse(version.Schema)
		if err != nil {
			return nil, fmt.Errorf("version %d of %s: %w", numbers[i], subject, err)
		}
		out = append(out, schema)
	}
	return out, nil
}

// get asks the fake; false for anything but an answer.
func (s *Server) get(path string, into any) bool {
	w := &recorder{header: http.Header{}, code: http.StatusOK}
	r, err := http.NewRequest(http.MethodGet, path, http.NoBody) //nolint:noctx // it never leaves the process
	if err != nil {
		return false
	}
	s.fake.Handler().ServeHTTP(w, r)
	return w.code == http.StatusOK && json.Unmarshal(w.body.Bytes(), into) == nil
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(code int)        { r.code = code }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func answerCheck(w http.ResponseWriter, reasons []string, err error) {
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, sr.ErrInvalidSchema.Code, err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]any{"is_compatible": len(reasons) == 0, "messages": reasons})
}

func refuse(w http.ResponseWriter, status, code int, message string) {
	answer(w, status, map[string]any{"error_code": code, "message": message})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that has gone is no matter
}
