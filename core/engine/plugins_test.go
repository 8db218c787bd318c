package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/sdk"
)

func servePlugin(name string) {
	info := sdk.Info{Name: name, Version: "1", Summary: "A plugin of the engine's tests."}
	switch name {
	case "test-source":
		sdk.ServeSource(info, func() numbersConfig { return numbersConfig{} }, newSource)
	case "test-transform":
		sdk.ServeTransform(info, func() common { return common{} }, newTransform)
	case "test-sink":
		sdk.ServeSink(info, func() sinkConfig { return sinkConfig{} }, newSink)
	case "test-ledger":
		sdk.ServeSink(info, func() ledgerConfig { return ledgerConfig{} }, newLedger)
	case "hostile-source", "hostile-transform", "hostile-sink":
		serveHostile(name)
	default:
		panic("no plugin " + name)
	}
}

// common is what all plugins of the tests can be told.
type common struct {
	Dir string `koanf:"dir" doc:"Folder in which each start of the plugin leaves its process id."`
	// FailAt has the plugin fail when it sees that number.
	FailAt    int    `koanf:"fail_at" doc:"Number at which the plugin fails."`
	Fails     int    `koanf:"fails" doc:"Starts that fail."`
	Permanent bool   `koanf:"permanent" doc:"Failures are permanent."`
	Unmarked  bool   `koanf:"unmarked" doc:"Failures are neither transient nor permanent."`
	Taken     bool   `koanf:"taken" doc:"Failures say that another process has taken over."`
	Hang      string `koanf:"hang" doc:"Call that never returns: open, close."`
	Further   bool   `koanf:"further" doc:"Each start fails that much further on."`
}

// hangs never returns if the plugin is told to hang in the call.
func (c *common) hangs(call string) {
	if c.Hang == call {
		select {}
	}
}

// started leaves the process id. The plugin may be told to hang then.
func (c *common) started(name string) error {
	defer c.hangs("open")
	f, err := os.OpenFile(filepath.Join(c.Dir, name+".pids"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintln(f, os.Getpid())
	return err
}

// fault is the error that the plugin is to have at a number.
func (c *common) fault(name string, n int) error {
	starts, at := len(pids(c.Dir, name)), c.FailAt
	if c.Further {
		at *= starts
	}
	if at == 0 || n < at || starts > c.Fails {
		return nil
	}
	err := fmt.Errorf("%s is told to fail at %d", name, c.FailAt)
	switch {
	case c.Permanent:
		return sdk.Permanent(err)
	case c.Unmarked:
		return err
	case c.Taken:
		return sdk.Superseded(err)
	}
	return sdk.Transient(err)
}

// pids returns the processes of a plugin, the latest last.
func pids(dir, name string) []int {
	raw, err := os.ReadFile(filepath.Join(dir, name+".pids"))
	if err != nil {
		return nil
	}
	return numbers(string(raw))
}

type source struct {
	config numbersConfig
	name   string
	done   []int
}

type numbersConfig struct {
	Common common        `koanf:"common" doc:"What all have."`
	Count  int           `koanf:"count" doc:"Last number; 0 is none."`
	Pause  time.Duration `koanf:"pause" doc:"Pause between two transactions of five."`
}

func newSource(c numbersConfig, env sdk.Env) (sdk.Source, error) {
	starts := prometheus.NewCounter(prometheus.CounterOpts{Name: "test_starts_total", Help: "Starts."})
	starts.Inc()
	return &source{config: c, name: env.Name}, env.Metrics.Register(starts)
}

func (s *source) Open(_ context.Context, r sdk.Resume) error {
	for _, sink := range r.Sinks {
		done := 0
		if c := sink.Checkpoint; c != nil {
			base, err := strconv.Atoi(string(c.Position.Base))
			if err != nil {
				return sdk.Permanent(err)
			}
			if done = base + int(c.Position.Skip); string(c.State["defined"]) != "yes" {
				return sdk.Permanent(errors.New("state of sink " + sink.Name + " was lost"))
			}
		}
		s.done = append(s.done, done)
	}
	return s.config.Common.started(s.name)
}

func (s *source) Read(ctx context.Context, w *sdk.Writer) error {
	schema, err := w.Schema(&sdk.RowSchema{Database: "d", Table: "numbers"})
	if err != nil {
		return err
	}
	if err := w.State(sdk.StateChange{Key: "defined", Value: []byte("yes")}); err != nil {
		return err
	}
	for n := slices.Min(s.done) + 1; s.config.Count == 0 || n <= s.config.Count; n++ {
		if (n-1)%5 == 0 {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(s.config.Pause):
			}
		}
		if err := s.config.Common.fault(s.name, n); err != nil {
			return err
		}
		if err := s.write(w, schema, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) write(w *sdk.Writer, schema sdk.SchemaID, n int) error {
	var need sdk.SinkSet
	for i, done := range s.done {
		if n > done {
			need = need.With(i)
		}
	}
	if err := w.Direct(need); err != nil {
		return err
	}
	base := (n - 1) / 5 * 5
	w.Origin(&sdk.Origin{Time: time.Now().UnixMicro()})
	c := sdk.Change{Op: sdk.Create, Schema: schema, After: strconv.AppendInt(nil, int64(n), 10)}
	return w.Change(&c, sdk.Position{Base: strconv.AppendInt(nil, int64(base), 10), Skip: uint64(n - base)})
}

func (s *source) Close(context.Context) error {
	s.config.Common.hangs("close")
	return nil
}

func (s *source) Notices() []sdk.Notice {
	return []sdk.Notice{{Subject: "table d.numbers", Message: "holds numbers", Cure: "none", Since: time.UnixMicro(7), Sinks: []string{"a"}}}
}
