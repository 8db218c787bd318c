package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"slices"
)

// maxLine bounds what is kept of a line that does not end.
const maxLine = 256 << 10

// logWriter carries what a plugin writes to its standard error output into the
// host's log: JSON lines of slog as they were meant, all else (a panic) as errors.
type logWriter struct {
	logger *slog.Logger
	buf    []byte
}

func newLogWriter(l *slog.Logger) io.Writer {
	if l == nil {
		return io.Discard
	}
	return &logWriter{logger: l}
}

// Write takes any part of the output; it is called from one goroutine.
func (w *logWriter) Write(p []byte) (int, error) {
	w.buf = append(w.buf, p...)
	for {
		line, rest, ok := bytes.Cut(w.buf, []byte("\n"))
		if !ok {
			break
		}
		w.line(line)
		w.buf = rest
	}
	if len(w.buf) > maxLine {
		w.line(w.buf)
		w.buf = nil
	}
	return len(p), nil
}

func (w *logWriter) line(line []byte) {
	if len(bytes.TrimSpace(line)) == 0 {
		return
	}
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		w.logger.Error(string(line))
		return
	}
	var level slog.Level
	if s, ok := fields[slog.LevelKey].(string); !ok || level.UnmarshalText([]byte(s)) != nil {
		level = slog.LevelInfo
	}
	msg, _ := fields[slog.MessageKey].(string)
	for _, key := range []string{slog.LevelKey, slog.MessageKey, slog.TimeKey} {
		delete(fields, key)
	}
	var attrs []slog.Attr
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		attrs = append(attrs, slog.Any(k, fields[k]))
	}
	w.logger.LogAttrs(context.Background(), level, msg, attrs...)
}
