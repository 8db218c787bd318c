package sdk

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"
)

// exitOrphaned is the exit code of a plugin whose host is gone.
const exitOrphaned = 3

// watchParent calls orphaned when the process that started this one has ended:
// a host that is killed cannot end its plugins.
func watchParent(parent int, orphaned func()) {
	for os.Getppid() == parent {
		time.Sleep(time.Second)
	}
	orphaned()
}

// newLogger writes JSON lines to the standard error output, which the host reads.
func newLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: readable}))
}

// readable writes durations as people do, where JSON would have nanoseconds.
func readable(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}

// quietLogger silences go-plugin itself, whose lines mean nothing to a user.
func quietLogger() hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard})
}
