package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/flow"
)

func TestEpitaph(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config string
		do     func(p *Process)
		want   string
	}{
		"a panic":       {`{"die":"panic"}`, func(*Process) {}, "plugin ended: exit status 2: panic: told to die"},
		"an exit":       {`{"die":"exit"}`, func(*Process) {}, "plugin ended: exit status 7: last words"},
		"killed":        {`{}`, func(p *Process) { _ = syscall.Kill(p.Pid(), syscall.SIGKILL) }, "plugin ended: signal: killed"},
		"a child stays": {`{"die":"exit","leave":true}`, func(*Process) {}, "still runs"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, &log{})
			config := strings.Replace(tt.config, "{", `{"pid_to":"`+filepath.Join(t.TempDir(), "pid")+`",`, 1)
			opened, err := p.Open(t.Context(), Open{Config: []byte(strings.Replace(config, ",}", "}", 1))})
			if err != nil {
				t.Fatal(err)
			}
			defer opened.Conn.Close()
			tt.do(p)
			_, _ = opened.Conn.Reader.Read() // returns when the process is gone
			got := p.Epitaph(flow.ErrGone)
			if !errors.Is(got, flow.ErrGone) || !strings.Contains(got.Error(), tt.want) || strings.Contains(got.Error(), "goroutine") {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
	t.Run("in a call", func(t *testing.T) {
		t.Parallel()
		p := start(t, &log{})
		if err := syscall.Kill(p.Pid(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_, err := p.Describe(t.Context())
		if got := p.Epitaph(err); got == nil || got.Error() != "plugin ended: signal: killed" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("of another error", func(t *testing.T) {
		t.Parallel()
		p := start(t, &log{})
		for _, err := range []error{nil, errRefused, flow.Permanent("no")} {
			if got := p.Epitaph(err); got != err { //nolint:errorlint // it must be the same
				t.Errorf("got %v of %v", got, err)
			}
		}
	})
}

func TestStartOfWhatIsNoPlugin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ script, want string }{
		"it says something else": {"echo hello; sleep 1000", `not a plugin: PATH begins with "hello"; remove it`},
		"it says nothing":        {"echo no such file >&2; exit 3", "plugin ended: PATH before it said that it is a plugin: exit status 3: no such file"},
		"it waits":               {"sleep 1000", "not a plugin: PATH has not said within 300ms that it is one"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "it")
			if err := os.WriteFile(path, []byte("#!/bin/sh\n"+tt.script+"\n"), 0o700); err != nil { //nolint:gosec // it must be executable
				t.Fatal(err)
			}
			_, err := Start(t.Context(), Settings{Path: path, StartTimeout: 300 * time.Millisecond})
			if !errors.Is(err, ErrNotPlugin) || !strings.HasPrefix(err.Error(), strings.Replace(tt.want, "PATH", path, 1)) {
				t.Errorf("got %v", err)
			}
		})
	}
}
