package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxLine bounds what is kept of a line that does not end.
const maxLine = 256 << 10

// tellEvery is how often it is told that lines are left out.
const tellEvery = 10 * time.Second

// output carries what a plugin writes into the host's log. Its writers are safe
// for concurrent use with each other.
type output struct {
	logger *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	rate    rate
	words   words
	dropped uint64 // lines left out
	told    uint64 // of these, told in the log
	tellAt  time.Time
}

func newOutput(l *slog.Logger) *output {
	if l == nil {
		l = slog.New(slog.DiscardHandler)
	}
	return &output{logger: l, now: time.Now}
}

// process is the writer of the standard error output of the process: JSON lines of
// slog are logged as they were meant, all else (a panic) as errors.
func (o *output) process() *lineWriter { return &lineWriter{line: o.processLine} }

func (o *output) processLine(line []byte) {
	if bytes.HasPrefix(line, []byte("{")) && json.Valid(line) {
		o.structured(line)
		return
	}
	o.text(slog.LevelError, line)
}

// printed is the writer of what the code of a plugin in Go prints, which go-plugin
// takes over.
func (o *output) printed(level slog.Level) *lineWriter {
	return &lineWriter{line: printer{o, level}.line}
}

type printer struct {
	output *output
	level  slog.Level
}

func (p printer) line(line []byte) { p.output.text(p.level, line) }

func (o *output) text(level slog.Level, line []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if level > slog.LevelInfo {
		o.words.add(line)
	}
	if o.admit(level >= slog.LevelError, len(line)) {
		o.logger.Log(context.Background(), level, string(line))
	}
}

func (o *output) structured(line []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	// Those that are left out are not worth being parsed.
	if o.admit(bytes.Contains(line, []byte(`"level":"ERROR"`)), len(line)) {
		o.log(line)
	}
}

// admit says whether a line goes to the log. Of a plugin that writes too many,
// errors are left out last.
func (o *output) admit(isError bool, size int) bool {
	now := o.now()
	ok := o.rate.take(now, isError, size)
	if !ok {
		o.dropped++
	}
	if o.dropped > o.told && !now.Before(o.tellAt) {
		o.tell()
		o.tellAt = now.Add(tellEvery)
	}
	return ok
}

func (o *output) tell() {
	if o.dropped > o.told {
		o.logger.Warn("lines of the plugin are left out, as it writes too many", "lines", o.dropped-o.told)
		o.told = o.dropped
	}
}

// end tells what was not told yet.
func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tell()
}

// lastWords are the last lines that were no log lines.
func (o *output) lastWords() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.words.String()
}

func (o *output) droppedLines() uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.dropped
}

func (o *output) log(line []byte) {
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		o.logger.Error(string(line))
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
	o.logger.LogAttrs(context.Background(), level, msg, attrs...)
}

// lineWriter cuts what is written into lines. It is called from one goroutine.
type lineWriter struct {
	line func([]byte)
	buf  []byte
}

// Write takes any part of the output.
func (w *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, rest, ok := bytes.Cut(p, []byte("\n"))
		w.buf = append(w.buf, line...)
		if !ok && len(w.buf) <= maxLine {
			return n, nil
		}
		if len(bytes.TrimSpace(w.buf)) > 0 {
			w.line(w.buf)
		}
		w.buf, p = w.buf[:0], rest
		if !ok {
			return n, nil
		}
	}
}
