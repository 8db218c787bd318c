package engine

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

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

	mu       sync.Mutex
	process  *plugin.Process // nil while none is open
	stopped  bool
	restarts int
	// running is the process from its start to its end; droppedLines are those of
	// processes before it.
	running      *plugin.Process
	droppedLines uint64
	detail       string // what the plugin waits for, or why it ended
	notices      []status.Notice
	progress     *status.Progress // of a source that says it
}

func newKeeper(r *runner, stage flow.Stage, name string, def pipeline.Stage) *keeper {
	p := r.def.Restart
	return &keeper{
		runner: r, stage: stage, name: name, def: def,
		log: r.log.With("plugin", name),
		budget: supervisor.Supervisor{Policy: supervisor.Policy{
			Max: p.Max, Window: p.Window, Initial: p.InitialBackoff, Longest: p.MaxBackoff,
		}},
		known:  make(chan struct{}),
		detail: "starting",
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
		delay, fatal := k.budget.Ended(time.Now(), err, permanent(err), rand.Float64()) //nolint:gosec // jitter is no secret
		if fatal != nil {
			return fatal
		}
		k.sawEnd(err)
		k.log.Warn("plugin ended; it is started again", "error", err, "in", delay)
		select {
		case <-time.After(delay):
		case <-alive.Done():
			return nil
		}
	}
}

// permanent says whether starting the plugin again cannot help.
func permanent(err error) bool {
	if f, ok := errors.AsType[*flow.Failure](err); ok {
		return f.IsPermanent()
	}
	return errors.Is(err, plugin.ErrNotFound) || errors.Is(err, plugin.ErrChecksum)
}

// stop ends the plugin in order, and keeps it from being started again.
func (k *keeper) stop(ctx context.Context) error {
	k.mu.Lock()
	k.stopped = true
	p := k.process
	k.mu.Unlock()
	if p == nil {
		return nil
	}
	return p.Stop(ctx)
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

func (k *keeper) sawEnd(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.restarts++
	k.detail = err.Error()
}

// ready lets the source start, which waits for all sinks: a transactional one
// has to say first where it stands.
func (k *keeper) ready() { k.knownOnce.Do(func() { close(k.known) }) }
