package main

import (
	"fmt"
	"io"
	"log/slog"
)

// newLogger returns the log that goes to stderr, so that stdout is the answer.
func newLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, &usageFault{fmt.Errorf("--log-level is %q; use debug, info, warn or error", level)}
	}
	opts := &slog.HandlerOptions{Level: least}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, &usageFault{fmt.Errorf("--log-format is %q; use text or json", format)}
}
