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
		level, path := c.refusing(ctx, s.Subject)
		return fmt.Sprintf("the compatibility level is %s. A new column needs a default or must be nullable, and a type may only widen; else lower the level for a moment (PUT %s with {\"compatibility\":\"NONE\"}), restart the pipeline and set it back, once all readers can do without the old form",
			level, path)
	case errors.Is(kind, ErrDenied):
		return "check registry.user and registry.password, registry.token or registry.oidc, and that the account may write this subject"
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

const configPath = "/config"

// refusing returns the level that has refused a schema of a subject, and the path
// to lower it under. To Apicurio a subject with the level NONE is one without a
// level of its own, for which the registry's holds.
func (c *Client) refusing(ctx context.Context, subject string) (level, path string) {
	path = configPath + "/" + url.PathEscape(subject)
	own, err := c.level(ctx, path)
	if err == nil && own != "NONE" {
		return own, path
	}
	if err == nil {
		path = configPath
	}
	if level, err = c.Level(ctx); err != nil {
		level = "unknown"
	}
	return level, path
}

// Level returns the registry's own compatibility level.
func (c *Client) Level(ctx context.Context) (string, error) { return c.level(ctx, configPath) }

func (c *Client) level(ctx context.Context, path string) (string, error) {
	var answer struct {
		Level string `json:"compatibilityLevel"`
	}
	err := c.api.call(ctx, http.MethodGet, path, nil, &answer)
	if err == nil && answer.Level == "" {
		err = ErrUnexpected
	}
	if err != nil {
		return "", fmt.Errorf("read compatibility level: %w", err)
	}
	return answer.Level, nil
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
