package engine

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/core/status"
	"github.com/leat-io/leat/core/supervisor"
)

// keeper keeps one plugin of a pipeline running.
type keeper struct {
	runner *runner
	stage  flow.Stage
	name   string
	def    pipeline.Stage
	log    *slog.Logger
	budget supervisor.Supervisor
	// known is closed when a sink is known to be ready for the source's start.
	known     chan struct{}
	knownOnce sync.Once
	// transactional is what a sink has said of itself.
	transactional bool
	// stopping is closed when the plugin is not to be started again.
	stopping chan struct{}

	mu       sync.Mutex
	process  *plugin.Process // nil while none is open
	opened   time.Time       // when the latest was
	progress uint64          // of the stage when it was
	stopped  bool
	restarts int
	waits    waits
	// outlived is the last restart, until the plugin gets on again.
	outlived supervisor.Restart
	notices  []status.Notice
	// reported is what a source says of how far it has come.
	reported *status.Progress
	// running is the process from its start to its end; droppedLines are those of
	// processes before it.
	running      *plugin.Process
	droppedLines uint64
}

func newKeeper(r *runner, stage flow.Stage, name string, def pipeline.Stage) *keeper {
	p := r.def.Restart
	return &keeper{
		runner: r, stage: stage, name: name, def: def,
		log: r.log.With("plugin", name),
		budget: supervisor.Supervisor{Policy: supervisor.Policy{
			Max: p.Max, Window: p.Window, Initial: p.InitialBackoff, Longest: p.MaxBackoff,
		}},
		known: make(chan struct{}), stopping: make(chan struct{}),
		waits: waits{phase: "has not started yet", since: time.Now()},
	}
}

// run starts the plugin, and again whenever it ends, until alive is done or the
// plugin is stopped (nil), or the plugin must not be started again.
func (k *keeper) run(alive context.Context) error {
	for {
		err := k.session(alive)
		if alive.Err() != nil || k.isStopped() {
			return nil
		}
		again, fatal := k.budget.Ended(k.end(err))
		if fatal != nil {
			k.sawEnd(fatal, supervisor.Restart{Since: time.Now()})
			return fatal
		}
		k.sawEnd(err, again)
		k.logRestart(alive, err, again)
		select {
		case <-time.After(again.Delay):
		case <-k.stopping:
			return nil
		case <-alive.Done():
			return nil
		}
	}
}

// end says how the latest process ended.
func (k *keeper) end(err error) supervisor.End {
	progress := k.runner.flow.Progress(k.stage)
	k.mu.Lock()
	defer k.mu.Unlock()
	e := supervisor.End{At: time.Now(), Kind: kindOf(err), Cause: err, Jitter: rand.Float64()} //nolint:gosec // jitter is no secret
	if !k.opened.IsZero() {
		e.Open, e.Progress = e.At.Sub(k.opened), progress > k.progress
	}
	k.opened = time.Time{}
	return e
}

// kindOf says whether to wait for what ended a plugin, to count it, or to give up.
func kindOf(err error) supervisor.Kind {
	if f, ok := errors.AsType[*flow.Failure](err); ok {
		switch {
		case f.IsTransient():
			return supervisor.Outage
		case f.IsPermanent():
			return supervisor.Mend
		}
		return supervisor.Crash
	}
	if contain.Is(err) || errors.Is(err, plugin.ErrNotFound) || errors.Is(err, plugin.ErrChecksum) {
		return supervisor.Mend
	}
	return supervisor.Crash
}

func (k *keeper) logRestart(ctx context.Context, err error, again supervisor.Restart) {
	level := slog.LevelWarn
	if again.Quiet {
		level = slog.LevelDebug
	}
	k.log.Log(ctx, level, "plugin ended; it is started again",
		"error", err, "in", again.Delay, "attempt", again.Attempt, "since", again.Since.UTC().Format(time.RFC3339))
}

// stop ends the plugin in order, and keeps it from being started again.
func (k *keeper) stop(ctx context.Context) error {
	k.mu.Lock()
	if !k.stopped {
		k.stopped = true
		close(k.stopping)
	}
	p := k.process
	k.mu.Unlock()
	if p == nil {
		return nil
	}
	return p.Stop(ctx)
}

// kill ends the process that is open.
func (k *keeper) kill() {
	k.mu.Lock()
	p := k.process
	k.mu.Unlock()
	if p != nil {
		p.Kill()
	}
}

func (k *keeper) isStopped() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.stopped
}

// ended says whether no process of the plugin is open.
func (k *keeper) ended() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.process == nil
}

func (k *keeper) sawEnd(err error, again supervisor.Restart) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if again.Attempt > 0 {
		k.restarts++
	}
	k.outlived = again
	k.waits = waits{trouble: err.Error(), attempts: again.Attempt, since: again.Since}
}

// tellRecovery ends in the log what logRestart has begun.
func (k *keeper) tellRecovery() {
	progress := k.runner.flow.Progress(k.stage)
	k.mu.Lock()
	was := k.outlived
	back := was.Attempt > 0 && k.process != nil && progress > k.progress
	if back {
		k.outlived = supervisor.Restart{}
	}
	k.mu.Unlock()
	if back {
		k.log.Info("plugin gets on again", "attempts", was.Attempt, "since", was.Since.UTC().Format(time.RFC3339))
	}
}

// ready lets the source start, which waits for all sinks: a transactional one
// has to say first where it stands.
func (k *keeper) ready() { k.knownOnce.Do(func() { close(k.known) }) }
