package plugin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
	"github.com/leat-io/leat/sdk/handshake"
)

var errRefused = errors.New("refused as told")

func pidText(pid int) string { return strconv.Itoa(pid) }

// log keeps what is logged.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// installed returns the path of the test binary under a plugin's name.
func installed(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "waiter")
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func start(t *testing.T, out *log) *Process {
	t.Helper()
	p, err := Start(t.Context(), Settings{
		Path: installed(t), Pipeline: "p", Name: "source", Logger: slog.New(slog.NewTextHandler(out, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("in vain waited for: " + what)
		}
	}
}

func TestProcess(t *testing.T) {
	t.Parallel()
	out := &log{}
	p := start(t, out)
	about, err := p.Describe(t.Context())
	if err != nil || about.GetName() != "waiter" || about.GetVersion() != "1.2.3" {
		t.Fatalf("described as %v, error %v", about, err)
	}
	answer, err := p.Validate(t.Context(), Check{Config: []byte(`{"refus":true}`)})
	findings := answer.GetFindings()
	if err != nil || len(findings) != 1 || findings[0].GetPath() != "refus" {
		t.Errorf("findings %v, error %v", findings, err)
	}
	opened, err := p.Open(t.Context(), Open{
		Config: []byte("{}"), Next: 1,
		Sinks: []Sink{{Name: "new"}, {Name: "old", Checkpoint: &ledger.Checkpoint{Position: []byte{0}, State: map[string][]byte{}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Conn.Close()
	eventually(t, "the plugin's log line", func() bool {
		return strings.Contains(out.String(), `level=INFO msg=opened`) && strings.Contains(out.String(), "sinks=2")
	})
	if h, err := p.Health(t.Context(), nil); h.GetDetail() != "" || err != nil {
		t.Errorf("health %v, error %v", h, err)
	}
	if _, err := p.Metrics(t.Context()); err != nil {
		t.Errorf("metrics: %v", err)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
	f, err := opened.Conn.Reader.Read()
	if err != nil || f.Type != frame.End {
		t.Errorf("frame %v, error %v; want the end", f, err)
	}
}

func TestWhatAPluginPrintsIsLogged(t *testing.T) {
	t.Parallel()
	out := &log{}
	p := start(t, out)
	opened, err := p.Open(t.Context(), Open{Config: []byte(`{"print":true}`)})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Conn.Close()
	for _, want := range []string{`level=INFO msg="printed to stdout"`, `level=ERROR msg="printed to stderr"`, "at=map[time:1s]"} {
		eventually(t, want, func() bool { return strings.Contains(out.String(), want) })
	}
}

func TestAnAnswerIsBounded(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]codes.Code{handshake.MaxSmallAnswer / 2: codes.OK, handshake.MaxSmallAnswer: codes.ResourceExhausted} {
		p := start(t, &log{})
		opened, err := p.Open(t.Context(), Open{Config: fmt.Appendf(nil, `{"words":%d}`, size)})
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Conn.Close()
		if _, err := p.Health(t.Context(), nil); status.Code(err) != want {
			t.Errorf("an answer of %d bytes gives %v", size, err)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	t.Run("Failure", func(t *testing.T) {
		t.Parallel()
		p := start(t, &log{})
		_, err := p.Open(t.Context(), Open{Config: []byte(`{"refuse":true}`)})
		f, ok := errors.AsType[*flow.Failure](err)
		if !ok || !f.IsPermanent() || f.Message != errRefused.Error() {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a process that has ended", func(t *testing.T) {
		t.Parallel()
		p := start(t, &log{})
		p.Kill()
		p.Kill()
		if _, err := p.Open(t.Context(), Open{Config: []byte("{}")}); err == nil {
			t.Error("it was opened")
		}
	})
}

func TestKillEndsWhatThePluginHasStarted(t *testing.T) {
	t.Parallel()
	p := start(t, &log{})
	file := filepath.Join(t.TempDir(), "pid")
	config, err := json.Marshal(map[string]any{"leave": true, "pid_to": file})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := p.Open(t.Context(), Open{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Conn.Close()
	pid, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p.Kill()
	eventually(t, "the child's end", func() bool {
		stat, err := os.ReadFile("/proc/" + string(pid) + "/stat")
		return err != nil || strings.Contains(string(stat), ") Z ")
	})
}

func TestStartErrors(t *testing.T) {
	t.Parallel()
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("#!/bin/sh\necho no plugin\n"), 0o700); err != nil { //nolint:gosec // it must be executable
		t.Fatal(err)
	}
	tests := map[string]struct {
		settings Settings
		want     error
	}{
		"ErrChecksum":         {Settings{Path: installed(t), SHA256: hex.EncodeToString(make([]byte, sha256.Size))}, ErrChecksum},
		"ErrChecksum: no hex": {Settings{Path: installed(t), SHA256: "latest"}, ErrChecksum},
		"no plugin":           {Settings{Path: other}, nil},
		"no file":             {Settings{Path: other + "2"}, os.ErrNotExist},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Start(t.Context(), tt.settings)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	t.Run("OK with its checksum", func(t *testing.T) {
		t.Parallel()
		path := installed(t)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(raw)
		p, err := Start(t.Context(), Settings{Path: path, SHA256: hex.EncodeToString(sum[:])})
		if err != nil {
			t.Fatal(err)
		}
		p.Kill()
	})
	t.Run("a context that has ended", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Start(ctx, Settings{Path: installed(t)}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
