package plugin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/handshake"
)

// TestMain serves a plugin if the host in a test has started it as one.
func TestMain(m *testing.M) {
	if os.Getenv(handshake.Config.MagicCookieKey) != "" {
		info := sdk.Info{Name: filepath.Base(os.Args[0]), Version: "1.2.3", Summary: "Waits.", Environment: []string{"WAITER_TOKEN", "WAITER_OTHER"}}
		sdk.ServeSource(info, func() waiterConfig { return waiterConfig{} }, newWaiter)
		return
	}
	if config := os.Getenv(hostEnv); config != "" {
		runHost(config)
		return
	}
	goleak.VerifyTestMain(m)
}

// hostEnv has the test binary run as a host that opens a plugin with that
// configuration, says so, and waits.
const hostEnv = "LEAT_PLUGIN_TEST_HOST"

func runHost(config string) {
	p, err := Start(context.Background(), Settings{Path: os.Args[0], Pipeline: "p", Name: "source"})
	if err != nil {
		panic(err)
	}
	if _, err := p.Open(context.Background(), Open{Config: []byte(config)}); err != nil {
		panic(err)
	}
	fmt.Println(p.Pid())
	select {}
}

type waiterConfig struct {
	Refuse bool   `koanf:"refuse" doc:"Open fails."`
	Leave  bool   `koanf:"leave" doc:"Start a process that outlives the plugin."`
	Print  bool   `koanf:"print" doc:"Print a line each to standard output and standard error output."`
	EnvTo  string `koanf:"env_to" doc:"File that gets the environment."`
	Words  int    `koanf:"words" doc:"Length of what Health says."`
	Die    string `koanf:"die" doc:"How to die in Read."`
	CertTo string `koanf:"cert_to" doc:"File that gets the host's certificate."`
	PidTo  string `koanf:"pid_to" doc:"File that gets the id of that process."`
}

// waiter is a source that has nothing to say.
type waiter struct {
	config waiterConfig
	env    sdk.Env
}

func newWaiter(c waiterConfig, env sdk.Env) (sdk.Source, error) { return &waiter{c, env}, nil }

func (w *waiter) Open(_ context.Context, r sdk.Resume) error {
	if w.config.Refuse {
		return sdk.Permanent(errRefused)
	}
	if w.config.CertTo != "" {
		if err := os.WriteFile(w.config.CertTo, []byte(os.Getenv(envClientCert)), 0o600); err != nil {
			return err
		}
	}
	if w.config.Print {
		fmt.Println("printed to stdout")
		fmt.Fprintln(os.Stderr, "printed to stderr")
	}
	if w.config.EnvTo != "" {
		if err := os.WriteFile(w.config.EnvTo, []byte(strings.Join(os.Environ(), "\n")), 0o600); err != nil {
			return err
		}
	}
	if w.config.Leave {
		if err := w.leave(); err != nil {
			return err
		}
	}
	w.env.Logger.Info("opened", "sinks", len(r.Sinks), slog.Group("at", "time", time.Second))
	return nil
}

// leave starts a child that does not end by itself, and that has the plugin's
// standard error output.
func (w *waiter) leave() error {
	p, err := os.StartProcess("/bin/sleep", []string{"sleep", "1000"}, &os.ProcAttr{Files: []*os.File{nil, nil, os.NewFile(2, "stderr")}})
	if err != nil {
		return err
	}
	return os.WriteFile(w.config.PidTo, []byte(pidText(p.Pid)), 0o600)
}

func (w *waiter) Read(ctx context.Context, _ *sdk.Writer) error {
	if w.config.Die != "" {
		time.Sleep(300 * time.Millisecond) // Open is answered by then
	}
	switch w.config.Die {
	case "panic":
		panic("told to die")
	case "exit":
		fmt.Fprintln(os.Stderr, "last words")
		os.Exit(7)
	}
	<-ctx.Done()
	return nil
}

func (w *waiter) Health() error {
	if w.config.Words > 0 {
		return errors.New(strings.Repeat("x", w.config.Words))
	}
	return nil
}

func (w *waiter) Close(context.Context) error { return nil }
