package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/core/status"
)

// host stands for no stage: what fails is the host's own.
const host flow.Stage = -1

// runner runs one pipeline once.
type runner struct {
	def      *pipeline.Definition
	dirs     []string
	started  *plugin.Pool
	log      *slog.Logger
	setState func(status.State)
	prepared func(*runner)
	health   health
	failures chan failure

	mu      sync.Mutex // of what prepare sets
	flow    *flow.Flow
	saver   *saver
	keepers []*keeper // by stage; no transform: nil there
	// fellBack says why the run may have begun at the checkpoints before the newest.
	fellBack string
}

// failure is why a stage, or the host, gave up.
type failure struct {
	stage flow.Stage
	err   error
}

func newRunner(def *pipeline.Definition, s Settings, log *slog.Logger, setState func(status.State)) *runner {
	return &runner{
		def: def, dirs: s.PluginDirs, started: s.Started, log: log, setState: setState,
		prepared: s.prepared, health: s.health, failures: make(chan failure, 2*(len(def.Sinks)+int(flow.FirstSink))),
	}
}

// run returns when the pipeline has ended: nil after a stop, or when its source
// had no more to read, ErrCutShort if it was stopped with batches in flight.
func (r *runner) run(ctx context.Context) (err error) {
	store, err := checkpoint.Open(r.def.Checkpoint.Dir, r.def.Name, r.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	r.prepare(store)
	r.setState(status.Running)

	alive, kill := context.WithCancel(context.WithoutCancel(ctx)) // plugins outlive the signal to stop
	defer kill()
	var wg sync.WaitGroup
	r.startKeepers(alive, &wg)
	r.spawn(&wg, host, func() error { return r.saver.run(alive) })

	err = contain.Call(func() error { return r.wait(ctx) })
	kill()
	wg.Wait()
	if contain.Is(err) {
		return err // what the flow holds is not to be trusted any more
	}
	return errors.Join(err, contain.Call(r.saver.save))
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
	if r.prepared != nil {
		r.prepared(r)
	}
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

func (r *runner) startKeepers(alive context.Context, wg *sync.WaitGroup) {
	for _, k := range r.keepers {
		if k == nil {
			continue
		}
		r.spawn(wg, k.stage, func() error {
			if err := k.run(alive); err != nil {
				return fmt.Errorf("%s (%s): %w", k.name, k.def.Plugin, err)
			}
			if k.stage == flow.Source {
				r.flow.End() // it was stopped, and may have ended without saying so
			}
			return nil
		})
	}
}

// spawn runs a part of the pipeline; its error or panic ends the pipeline.
func (r *runner) spawn(wg *sync.WaitGroup, stage flow.Stage, part func() error) {
	wg.Go(func() {
		if err := contain.Call(part); err != nil {
			r.fail(stage, err)
		}
	})
}

// fail ends the pipeline. The first failures are what counts.
func (r *runner) fail(stage flow.Stage, err error) {
	select {
	case r.failures <- failure{stage, err}:
	default:
	}
}

// wait returns when the plugins are to be killed: everything is durable, or the
// time for that is up, or a part has failed.
func (r *runner) wait(ctx context.Context) error {
	select {
	case f := <-r.failures:
		end := newEnding(time.Now(), r.def.StopTimeout)
		if contain.Is(f.err) {
			return f.err
		}
		if f.stage == flow.Source { // what it sent before is still good
			r.flow.End()
			_ = r.drain(ctx, end) // the failure of the source is what the user is told
		}
		r.finish(ctx, end)
		return f.err
	case <-r.flow.Drained():
		r.log.Info("source has ended and all is delivered")
		r.finish(ctx, newEnding(time.Now(), r.def.StopTimeout))
		return nil
	case <-ctx.Done():
		return r.stop(ctx, newEnding(time.Now(), r.def.StopTimeout))
	}
}

// stop ends the pipeline in order.
func (r *runner) stop(ctx context.Context, end ending) error {
	r.setState(status.Stopping)
	r.log.Info("stopping: waiting for what is in flight", "timeout", r.def.StopTimeout)
	r.stopSource(ctx, end)
	err := r.drain(ctx, end)
	r.finish(ctx, end)
	if err == nil && !r.isDrained() {
		return ErrCutShort
	}
	return err
}

// stopSource has the source send what it has. One that does not end is killed: it
// must not take the time of what it has sent.
func (r *runner) stopSource(ctx context.Context, end ending) {
	ctx, cancel := until(ctx, end.source)
	defer cancel()
	source := r.keepers[flow.Source]
	if err := source.stop(ctx); err != nil {
		r.log.Warn("source did not stop in order", "error", err)
		source.kill()
	}
	if source.ended() {
		r.flow.End()
	}
}

// drain waits until everything is delivered, or the time for that is up.
func (r *runner) drain(ctx context.Context, end ending) error {
	ctx, cancel := until(ctx, end.drained)
	defer cancel()
	select {
	case <-r.flow.Drained():
		return nil
	case f := <-r.failures:
		return f.err
	case <-ctx.Done():
		return nil
	}
}

func (r *runner) isDrained() bool {
	select {
	case <-r.flow.Drained():
		return true
	default:
		return false
	}
}

// finish has the plugins let go of what they hold.
func (r *runner) finish(ctx context.Context, end ending) {
	ctx, cancel := until(ctx, end.flush(time.Now(), r.isDrained()))
	defer cancel()
	var wg sync.WaitGroup
	for _, k := range r.keepers {
		if k == nil {
			continue
		}
		r.spawn(&wg, k.stage, func() error {
			if err := k.stop(ctx); err != nil {
				k.log.Warn("plugin did not stop in order", "error", err)
			}
			return nil
		})
	}
	wg.Wait()
}

// progressed says whether a sink has stored anything in this run.
func (r *runner) progressed() bool {
	r.mu.Lock()
	f := r.flow
	r.mu.Unlock()
	if f == nil {
		return false
	}
	for i := range r.def.Sinks {
		if f.Progress(flow.Sink(i)) > 0 {
			return true
		}
	}
	return false
}
