package engine_test

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/engine"
)

// endsSoon sees that a run that was told to stop does so, without an error.
func endsSoon(t *testing.T, ended <-chan error, within time.Duration) {
	t.Helper()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(within):
		t.Fatalf("the pipeline did not end within %v", within)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	t.Run("while a sink cannot open", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, conf{})
		nowhere := conf{"dir": filepath.Join(w.dir, "no", "such", "folder")}
		w.def.Sinks[0].Stage = w.stage(t, "test-sink", conf{"common": nowhere})
		w.def.Restart.Max, w.def.StopTimeout = 1000, 500*time.Millisecond
		stop, ended := w.start(t, w.settings())
		time.Sleep(300 * time.Millisecond)
		stop()
		endsSoon(t, ended, 10*time.Second)
	})
	t.Run("before anything has started", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, conf{})
		stop, ended := w.start(t, w.settings())
		stop()
		endsSoon(t, ended, 10*time.Second)
	})
	t.Run("with a sink that stalls: what it has not stored comes again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, conf{"pause": "1ms"})
		w.sink(t, "b", conf{"pause": "1h"})
		w.def.StopTimeout = 300 * time.Millisecond
		stop, ended := w.start(t, w.settings())
		w.await(t, 300)
		stop()
		if err := <-ended; !errors.Is(err, engine.ErrCutShort) {
			t.Fatalf("got %v", err)
		}
		w.def.StopTimeout = 20 * time.Second
		w.def.Sinks[0].Stage = w.stage(t, "test-sink", w.with(conf{}))
		w.def.Source = w.stage(t, "test-source", w.with(conf{"count": 20_000}))
		if err := w.run(t); err != nil {
			t.Fatal(err)
		}
		w.complete(t, "a", 20_000)
		w.complete(t, "b", 20_000)
	})
	t.Run("with a source that dies of it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, conf{"pause": "1ms"})
		w.def.StopTimeout = time.Minute
		stop, ended := w.start(t, w.settings())
		w.await(t, 100)
		w.signal(t, "source", syscall.SIGSTOP) // so that it cannot answer
		eventually(t, "the source halts", func() bool { return state(pids(w.dir, "source")[0]) == "T" })
		stop()
		time.Sleep(100 * time.Millisecond)
		w.signal(t, "source", syscall.SIGKILL)
		endsSoon(t, ended, 20*time.Second)
	})
}

// logged is a log that a test reads while it is written.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logged) find(re *regexp.Regexp) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return re.FindString(l.buf.String())
}

func (l *logged) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func TestStatusOfARun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	stop, ended, base := w.serve(t)
	w.await(t, 300)
	eventually(t, "the pipeline is ready", func() bool { return fetch(t, base+"readyz") == "test: ok\n" })
	eventually(t, "a checkpoint is stored", func() bool {
		return strings.Contains(fetch(t, base+"metrics"), `leat_checkpoint_age_seconds{pipeline="test",plugin="a"}`)
	})
	metrics := fetch(t, base+"metrics")
	for _, want := range []string{
		`leat_plugin_up{pipeline="test",plugin="transform"} 1`,
		`leat_lag_seconds{pipeline="test",plugin="a"}`,
		`test_starts_total{pipeline="test",plugin="source"} 1`, // the plugin's own
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in\n%s", want, metrics)
		}
	}
	eventually(t, "the source's notice is shown", func() bool {
		return strings.Contains(strings.Join(strings.Fields(fetch(t, base+"status")), " "), `"notices": [ { "subject": "table d.numbers", `+
			`"message": "holds numbers", "cure": "none", "since": "1970-01-01T00:00:00.000007Z", "sinks": [ "a" ] } ]`)
	})
	if ready := fetch(t, base+"readyz"); ready != "test: ok\n" {
		t.Errorf("with a notice: %s", ready)
	}
	w.signal(t, "a", syscall.SIGKILL)
	eventually(t, "the restart is counted", func() bool {
		return strings.Contains(fetch(t, base+"metrics"), `leat_restarts_total{pipeline="test",plugin="a"} 1`)
	})
	stop()
	endsSoon(t, ended, 20*time.Second)
}

// serve runs the pipeline in the background, and with it others. base is the
// address of its status.
func (w *world) serve(t *testing.T, others ...*world) (stop func(), ended <-chan error, base string) {
	t.Helper()
	log := &logged{}
	settings := engine.Settings{
		PluginDirs: []string{w.dir}, Logger: slog.New(slog.NewTextHandler(log, nil)), Listen: "127.0.0.1:0",
	}
	settings = settings.Sabotage(w.def.Name, w.sabotage)
	stop, ended = w.start(t, settings.WithHealth(cmp.Or(w.interval, 10*time.Millisecond), 5*time.Second), others...)
	at := regexp.MustCompile(`http://\S+/metrics`)
	eventually(t, "the status is served", func() bool { return log.find(at) != "" })
	return stop, ended, strings.TrimSuffix(log.find(at), "metrics")
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
