// Package engine runs pipelines: for each it starts the plugins, keeps them
// running, connects them by a flow and stores the checkpoints. Start reading at
// Run, then at pipeline.run.
package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/core/status"
)

// Settings of a run.
type Settings struct {
	// PluginDirs are searched for plugins, in order.
	PluginDirs []string
	Logger     *slog.Logger
	// Started are processes of plugins that are used in place of new ones, once each.
	Started *plugin.Pool
	// Listen is the address of metrics and health; empty: none.
	Listen string

	health health // zero: the defaults
}

// health says how often plugins are asked for theirs, and how long they may take.
type health struct{ interval, timeout time.Duration }

// Run runs pipelines until each has ended or ctx is done, which drains and stops
// them. A pipeline that fails does not disturb the others; the errors of all are
// returned in the end.
func Run(ctx context.Context, defs []*pipeline.Definition, s Settings) error {
	var pipelines []*runner
	var views []status.Pipeline
	for _, def := range defs {
		r := newRunner(def, s)
		pipelines = append(pipelines, r)
		views = append(views, r)
	}
	server, err := status.Listen(s.Listen, views, s.Logger)
	if err != nil {
		return err
	}
	defer server.Close()

	var wg sync.WaitGroup
	errs := make([]error, len(pipelines))
	for i, r := range pipelines {
		wg.Go(func() {
			if err := r.run(ctx); err != nil {
				r.log.Error("pipeline failed", "error", err)
				errs[i] = &failed{pipeline: r.def.Name, cause: err}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// failed says that a pipeline has failed. The cause was logged when it happened.
type failed struct {
	pipeline string
	cause    error
}

func (f *failed) Error() string { return "pipeline " + f.pipeline + " has failed" }
func (f *failed) Unwrap() error { return f.cause }
