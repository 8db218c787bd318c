package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/core/status"
)

// flushTimeout is what plugins get to finish when a pipeline has failed, or has
// not delivered in time.
const flushTimeout = 5 * time.Second

// runner runs one pipeline.
type runner struct {
	def     *pipeline.Definition
	dirs    []string
	started *plugin.Pool
	log     *slog.Logger
	flow    *flow.Flow
	saver   *saver

	keepers []*keeper // by stage; no transform: nil there

	mu    sync.Mutex
	state status.State
	// fellBack says why the run may have begun at the checkpoints before the newest.
	fellBack string

	health health
}

func newRunner(def *pipeline.Definition, s Settings) *runner {
	if s.health == (health{}) {
		s.health = health{interval: healthInterval, timeout: healthTimeout}
	}
	return &runner{
		def: def, dirs: s.PluginDirs, started: s.Started,
		log: s.Logger.With("pipeline", def.Name), state: status.Starting, health: s.health,
	}
}

// run returns when the pipeline has ended: nil after a stop, or when its source
// had no more to read.
func (r *runner) run(ctx context.Context) (err error) {
	defer func() { r.finished(err) }()
	store, err := checkpoint.Open(r.def.Checkpoint.Dir, r.def.Name, r.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	r.prepare(store)
	r.setState(status.Running)

	failed := make(chan failure, len(r.keepers)+1)
	alive, kill := context.WithCancel(context.WithoutCancel(ctx)) // plugins outlive the signal to stop
	var wg sync.WaitGroup
	r.startKeepers(alive, &wg, failed)
	r.startSaver(alive, &wg, failed)

	err = r.wait(ctx, failed)
	r.finish(ctx)
	kill()
	wg.Wait()
	return errors.Join(err, r.saver.save())
}

// prepare loads the checkpoints and builds the flow.
func (r *runner) prepare(store *checkpoint.Store) {
	checkpoints := make([]*ledger.Checkpoint, len(r.def.Sinks))
	for i, sink := range r.def.Sinks {
		if c := store.Load(sink.Name); c != nil {
			checkpoints[i] = &ledger.Checkpoint{Position: c.Position, State: c.State}
		}
	}
	machine := flow.NewMachine(r.def.Transform != nil, checkpoints)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flow = flow.New(machine, int64(r.def.Buffer))
	r.saver = newSaver(r.flow, store, r.def)
	r.keepers = r.makeKeepers()
	r.fellBack = store.FellBack()
}

func (r *runner) makeKeepers() []*keeper {
	keepers := make([]*keeper, int(flow.FirstSink)+len(r.def.Sinks))
	keepers[flow.Source] = newKeeper(r, flow.Source, pipeline.SourceName, r.def.Source)
	if r.def.Transform != nil {
		keepers[flow.Transform] = newKeeper(r, flow.Transform, pipeline.TransformName, *r.def.Transform)
	}
	for i, sink := range r.def.Sinks {
		keepers[flow.Sink(i)] = newKeeper(r, flow.Sink(i), sink.Name, sink.Stage)
	}
	return keepers
}

// failure is why a stage gave up.
type failure struct {
	stage flow.Stage
	err   error
}

func (r *runner) startKeepers(alive context.Context, wg *sync.WaitGroup, failed chan<- failure) {
	for _, k := range r.keepers {
		if k == nil {
			continue
		}
		wg.Go(func() {
			err := k.run(alive)
			switch {
			case err != nil:
				failed <- failure{k.stage, fmt.Errorf("%s (%s): %w", k.name, k.def.Plugin, err)}
			case k.stage == flow.Source:
				r.flow.End() // it was stopped, and may have ended without saying so
			}
		})
	}
}

func (r *runner) startSaver(alive context.Context, wg *sync.WaitGroup, failed chan<- failure) {
	wg.Go(func() {
		if err := r.saver.run(alive); err != nil {
			failed <- failure{-1, err}
		}
	})
}

// wait returns when the pipeline is to end: with nil if ctx is done or the source
// has ended, and everything is durable or the time for that is up.
func (r *runner) wait(ctx context.Context, failed <-chan failure) error {
	select {
	case f := <-failed:
		if f.stage == flow.Source { // what it sent before is still good
			r.flow.End()
			r.drain(ctx, failed)
		}
		return f.err
	case <-r.flow.Drained():
		r.log.Info("source has ended and all is delivered")
		return nil
	case <-ctx.Done():
	}
	r.setState(status.Stopping)
	r.log.Info("stopping: waiting for what is in flight", "timeout", r.def.StopTimeout)
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.def.StopTimeout)
	defer cancel()
	if err := r.keepers[flow.Source].stop(deadline); err != nil {
		r.log.Warn("source did not stop in order", "error", err)
	}
	if r.keepers[flow.Source].ended() {
		r.flow.End()
	}
	return r.drainUntil(deadline, failed)
}

func (r *runner) drain(ctx context.Context, failed <-chan failure) {
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.def.StopTimeout)
	defer cancel()
	// The failure of the source is what the user is told.
	_ = r.drainUntil(deadline, failed)
}

func (r *runner) drainUntil(deadline context.Context, failed <-chan failure) error {
	select {
	case <-r.flow.Drained():
		return nil
	case f := <-failed:
		return f.err
	case <-deadline.Done():
		r.log.Warn("not everything was delivered in time; it is sent again at the next start")
		return nil
	}
}

// finish has the plugins let go of what they hold. They had their time already
// where not everything is delivered.
func (r *runner) finish(ctx context.Context) {
	timeout := flushTimeout
	select {
	case <-r.flow.Drained():
		timeout = r.def.StopTimeout
	default:
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	var wg sync.WaitGroup
	for _, k := range r.keepers {
		if k == nil {
			continue
		}
		wg.Go(func() {
			if err := k.stop(ctx); err != nil {
				k.log.Warn("plugin did not stop in order", "error", err)
			}
		})
	}
	wg.Wait()
}

func (r *runner) setState(s status.State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = s
}

func (r *runner) finished(err error) {
	if err != nil {
		r.setState(status.Failed)
		return
	}
	r.setState(status.Stopped)
	r.log.Info("pipeline stopped")
}
