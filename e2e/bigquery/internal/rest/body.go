package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

type bodyKey struct{}

// readBody takes the whole body before the warehouse is locked, so that a slow client holds up nobody.
func readBody(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, invalid(fmt.Errorf("read request body: %w", err))
	}
	return b, nil
}

func withBody(ctx context.Context, b []byte) context.Context {
	return context.WithValue(ctx, bodyKey{}, b)
}

func body(r *http.Request) []byte {
	b, _ := r.Context().Value(bodyKey{}).([]byte)
	return b
}

// parse reads the body into a resource.
func parse(b []byte, into any) error {
	if err := json.Unmarshal(b, into); err != nil {
		return invalid(fmt.Errorf("parse request body: %w", err))
	}
	return nil
}
