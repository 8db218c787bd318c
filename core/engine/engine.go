// Package engine runs pipelines: for each it starts the plugins, keeps them
// running, connects them by a flow and stores the checkpoints. Start reading at
// Run, then at attempts.run and runner.run.
package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/core/status"
)

// ErrCutShort means that a pipeline was stopped before all that was in flight was
// durable. It is sent again at the next start.
var ErrCutShort = errors.New("not everything was delivered within stop_timeout; it is sent again at the next start")

// Settings of a run.
type Settings struct {
	// PluginDirs are searched for plugins, in order.
	PluginDirs []string
	Logger     *slog.Logger
	// Started are processes of plugins that are used in place of new ones, once each.
	Started *plugin.Pool
	// Listen is the address of metrics and health; empty: none.
	Listen string

	health   health        // zero: the defaults
	prepared func(*runner) // lets a test look into a run that begins
}

// health says how often plugins are asked for theirs, and how long they may take.
type health struct{ interval, timeout time.Duration }

// Run runs pipelines until each has ended or ctx is done, which drains and stops
// them. One that fails disturbs no other, and is run anew later where its
// definition says so. In the end the errors of all are returned that have failed;
// if none has, ErrCutShort of those that did not drain in time.
func Run(ctx context.Context, defs []*pipeline.Definition, s Settings) error {
	var pipelines []*attempts
	var views []status.Pipeline
	for _, def := range defs {
		a := newAttempts(def, s)
		pipelines = append(pipelines, a)
		views = append(views, a)
	}
	server, err := status.Listen(s.Listen, views, s.Logger)
	if err != nil {
		return err
	}
	defer server.Close()

	var wg sync.WaitGroup
	errs := make([]error, len(pipelines))
	for i, a := range pipelines {
		wg.Go(func() { errs[i] = contain.Call(func() error { return a.run(ctx) }) })
	}
	wg.Wait()
	return join(pipelines, errs)
}

// join names the pipelines. What a person has to see to comes before what is sent
// again by itself.
func join(pipelines []*attempts, errs []error) error {
	var failures, cut []error
	for i, err := range errs {
		switch name := pipelines[i].def.Name; {
		case err == nil:
		case errors.Is(err, ErrCutShort):
			cut = append(cut, &ended{"pipeline " + name + " was stopped before it had drained", err})
		default:
			failures = append(failures, &ended{"pipeline " + name + " has failed", err})
		}
	}
	if len(failures) > 0 {
		return errors.Join(failures...)
	}
	return errors.Join(cut...)
}

// ended says how a pipeline has ended. The cause was logged when it happened.
type ended struct {
	what  string
	cause error
}

func (e *ended) Error() string { return e.what }
func (e *ended) Unwrap() error { return e.cause }
