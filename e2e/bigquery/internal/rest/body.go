package rest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// request is a request whose body was read before the warehouse is locked, so that a slow client holds up nobody.
type request struct {
	*http.Request
	body []byte
}

func readRequest(r *http.Request) (request, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return request{}, invalid(fmt.Errorf("read request body: %w", err))
	}
	return request{Request: r, body: b}, nil
}

// parse reads a body into a resource.
func parse(b []byte, into any) error {
	if err := json.Unmarshal(b, into); err != nil {
		return invalid(fmt.Errorf("parse request body: %w", err))
	}
	return nil
}
