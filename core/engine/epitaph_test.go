package engine_test

import (
	"log/slog"
	"strings"
	"syscall"
	"testing"

	"github.com/leat-io/leat/core/engine"
)

func TestTheLogSaysHowAPluginEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	log := &logged{}
	stop, ended := w.start(t, engine.Settings{PluginDirs: []string{w.dir}, Logger: slog.New(slog.NewTextHandler(log, nil))})
	w.await(t, 10)
	w.signal(t, "a", syscall.SIGKILL)
	eventually(t, "the log has how the sink ended", func() bool {
		return strings.Contains(log.text(), `error="plugin ended: signal: killed"`)
	})
	w.await(t, 100)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
