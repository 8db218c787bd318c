package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/status"
)

// handOver is the pause while another leat has the checkpoint: it is usually the one
// before, which is about to end.
const handOver = 4 * time.Second

// attempts runs one pipeline, and runs it anew after a failure that a person may
// have mended meanwhile.
type attempts struct {
	def      *pipeline.Definition
	settings Settings
	log      *slog.Logger

	mu      sync.Mutex
	current *runner // the latest
	state   status.State
	since   time.Time // of the state
	failure failed
}

// failed is how a pipeline has failed and not got on since.
type failed struct {
	err     error
	since   time.Time
	retryAt time.Time // zero: never, or just now
	retries int
}

func newAttempts(def *pipeline.Definition, s Settings) *attempts {
	if s.health == (health{}) {
		s.health = health{interval: healthInterval, timeout: healthTimeout}
	}
	return &attempts{
		def: def, settings: s, log: s.Logger.With("pipeline", def.Name),
		state: status.Starting, since: time.Now(),
	}
}

// run returns when the pipeline has ended for good: nil after a stop, or when its
// source had no more to read.
func (a *attempts) run(ctx context.Context) error {
	for {
		r := newRunner(a.def, a.settings, a.log, a.setState)
		a.begin(r)
		err := contain.Call(func() error { return r.run(ctx) })
		switch {
		case err == nil:
			a.setState(status.Stopped)
			a.log.Info("pipeline stopped")
			return nil
		case errors.Is(err, ErrCutShort):
			a.setState(status.Stopped)
			a.log.Warn("pipeline stopped", "error", err)
			return err
		}
		pause := a.pause(err)
		if ctx.Err() != nil {
			pause = 0
		}
		a.fail(err, pause)
		if pause == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// pause until the pipeline is run anew; 0: it is not.
func (a *attempts) pause(err error) time.Duration {
	switch {
	case superseded(err):
		return 0
	case errors.Is(err, checkpoint.ErrLocked):
		return min(handOver, a.def.Restart.RetryFailed)
	}
	return a.def.Restart.RetryFailed
}

// superseded says whether another process runs the pipeline now. Run anew, this
// one would take its place in turn, and both would go on so for ever.
func superseded(err error) bool {
	f, ok := errors.AsType[*flow.Failure](err)
	return ok && f.IsSuperseded()
}

// begin makes r the run that is looked at.
func (a *attempts) begin(r *runner) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.current != nil {
		a.failure.retries++
		a.failure.retryAt = time.Time{}
	}
	a.current, a.state, a.since = r, status.Starting, time.Now()
}

func (a *attempts) setState(s status.State) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state, a.since = s, time.Now()
}

func (a *attempts) fail(err error, pause time.Duration) {
	if n := a.record(err, pause); errors.Is(err, checkpoint.ErrLocked) && n&(n-1) != 0 {
		return // of many the log gets the 1st, 2nd, 3rd, 5th, 9th and so on
	}
	a.logFailure(err, pause)
}

// record returns how often the pipeline was run anew since it failed first.
func (a *attempts) record(err error, pause time.Duration) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if a.failure.err == nil || a.current.progressed() {
		a.failure = failed{since: now}
	}
	a.failure.err = err
	if pause > 0 {
		a.failure.retryAt = now.Add(pause)
	}
	a.state, a.since = status.Failed, a.failure.since
	return a.failure.retries
}

func (a *attempts) logFailure(err error, pause time.Duration) {
	args := []any{"error", err}
	if p, ok := errors.AsType[*contain.Panic](err); ok {
		args = append(args, "stack", string(p.Stack))
	}
	if pause > 0 {
		args = append(args, "run_anew_in", pause)
	}
	a.log.Error("pipeline failed", args...)
}

// View returns how the pipeline fares. A panic in it ends the run, not the host.
func (a *attempts) View() status.View {
	a.mu.Lock()
	r, f := a.current, a.failure
	v := status.View{Name: a.def.Name, State: a.state, Since: a.since.UTC()}
	a.mu.Unlock()
	if r == nil {
		return v
	}
	err := contain.Call(func() error { r.view(&v); return nil })
	if err != nil {
		r.fail(host, err)
		v.Error = err.Error()
	}
	if f.err != nil && (v.State == status.Failed || !r.progressed()) {
		v.Error, v.RetryAt, v.Retries, v.Superseded = f.err.Error(), f.retryAt.UTC(), f.retries, superseded(f.err)
	}
	return v
}

// Families asks all plugins for their metrics.
func (a *attempts) Families(ctx context.Context) map[string][]byte {
	a.mu.Lock()
	r := a.current
	a.mu.Unlock()
	if r == nil {
		return nil
	}
	var out map[string][]byte
	if err := contain.Call(func() error { out = r.families(ctx); return nil }); err != nil {
		r.fail(host, err)
	}
	return out
}
