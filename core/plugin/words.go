package plugin

import (
	"bytes"
	"strings"
)

const (
	maxWords      = 5
	maxWordLength = 300
)

// words keeps the last lines that a plugin wrote to its standard error output and
// that are no log lines; of a panic its first ones, as what follows is a stack.
type words struct {
	lines []string
	panic bool
	stack bool
}

func (w *words) add(line []byte) {
	if beginsCrash(line) {
		if !w.panic {
			w.lines = nil
		}
		w.panic, w.stack = true, false
	}
	if w.panic && bytes.HasPrefix(line, []byte("goroutine ")) {
		w.stack = true
	}
	if w.stack || w.panic && len(w.lines) == maxWords {
		return
	}
	w.lines = append(w.lines, string(line[:min(len(line), maxWordLength)]))
	w.lines = w.lines[max(0, len(w.lines)-maxWords):]
}

// beginsCrash says whether Go's runtime begins to tell of a crash: a panic, a fatal
// error, or a signal that it does not survive.
func beginsCrash(line []byte) bool {
	for _, prefix := range []string{"panic: ", "fatal error: ", "SIGSEGV: ", "SIGBUS: ", "SIGFPE: ", "SIGABRT: ", "SIGQUIT: "} {
		if bytes.HasPrefix(line, []byte(prefix)) {
			return true
		}
	}
	return false
}

func (w *words) String() string { return strings.ToValidUTF8(strings.Join(w.lines, "; "), "?") }
