package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// explain says what an answer means for the user, and what to do.
func (c *Client) explain(ctx context.Context, s Schema, err error) error {
	var answer *responseError
	if !errors.As(err, &answer) {
		return fmt.Errorf("get id of subject %q for %s: %w", s.Subject, s.Table, err)
	}
	kind := answer.kind()
	if answer.status == http.StatusNotFound && !c.settings.Register {
		kind = ErrUnregistered
	}
	return fmt.Errorf("get id of subject %q for %s: %w: %w: %s", s.Subject, s.Table, kind, err, c.cure(ctx, kind, s))
}

func (c *Client) cure(ctx context.Context, kind error, s Schema) string {
	switch {
	case errors.Is(kind, ErrIncompatible):
		return fmt.Sprintf("the compatibility level is %s. A new column needs a default or must be nullable, and a type may only widen; else lower the level for a moment (PUT /config/%s with {\"compatibility\":\"NONE\"}), restart the pipeline and set it back, once all readers can do without the old form",
			c.levelOf(ctx, s.Subject), url.PathEscape(s.Subject))
	case errors.Is(kind, ErrDenied):
		return "check registry.user and registry.password, or registry.token, and that the account may write this subject"
	case errors.Is(kind, ErrReadOnly):
		return "set the registry's mode to READWRITE, or register the schema there by hand"
	case errors.Is(kind, ErrUnregistered):
		return "register it there, or set registry.auto_register: true"
	case errors.Is(kind, ErrInvalid):
		return "set schema_name_adjustment: auto (or avro_strict) where a part of the name begins with a digit, and field_name_adjustment: avro where it is none"
	default:
		return "check that registry.urls are those of the Confluent API (Apicurio serves it under /apis/ccompat/v7)"
	}
}

func (c *Client) levelOf(ctx context.Context, subject string) string {
	level, err := c.Level(ctx, subject)
	if err != nil {
		return "unknown"
	}
	return level
}

// Level returns the compatibility level of a subject, or the registry's own if
// the subject is empty or has none.
func (c *Client) Level(ctx context.Context, subject string) (string, error) {
	paths := []string{"/config"}
	if subject != "" {
		paths = []string{"/config/" + url.PathEscape(subject), "/config"}
	}
	var err error
	for _, path := range paths {
		var answer struct {
			Level string `json:"compatibilityLevel"`
		}
		if err = c.api.call(ctx, http.MethodGet, path, nil, &answer); err == nil && answer.Level != "" {
			return answer.Level, nil
		}
	}
	if err != nil {
		return "", fmt.Errorf("read compatibility level: %w", err)
	}
	return "", fmt.Errorf("read compatibility level: %w", ErrUnexpected)
}

// Mode returns whether the registry takes schemas: READWRITE, READONLY and the
// like. ok is false for registries that have no modes.
func (c *Client) Mode(ctx context.Context) (mode string, ok bool, err error) {
	var answer struct {
		Mode string `json:"mode"`
	}
	err = c.api.call(ctx, http.MethodGet, "/mode", nil, &answer)
	var status *responseError
	if errors.As(err, &status) && status.status == http.StatusNotFound {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read mode: %w", err)
	}
	return answer.Mode, true, nil
}

// Ping proves that the registry answers and lets us in.
func (c *Client) Ping(ctx context.Context) error {
	var subjects []string
	err := c.api.call(ctx, http.MethodGet, "/subjects", nil, &subjects)
	var answer *responseError
	if errors.As(err, &answer) {
		return fmt.Errorf("list subjects: %w: %w", answer.kind(), err)
	}
	if err != nil {
		return fmt.Errorf("list subjects: %w", err)
	}
	return nil
}
