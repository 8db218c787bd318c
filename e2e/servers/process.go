package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// ErrExternal is returned by Start, Stop and Kill of a server that the environment gave by address.
var ErrExternal = errors.New("the server was not started here")

const (
	startLimit = 2 * time.Minute
	stopLimit  = 30 * time.Second
	pollEvery  = 25 * time.Millisecond
)

// Process is a server that can be stopped, killed and started again on the same port and data.
// Its methods may be called from several goroutines; contexts bound the call, not the server.
type Process struct {
	service   string
	external  string // the variable that named the server, if one did
	script    string
	dir       string
	temporary bool
	reserved  *reservation
	ports     int
	flags     []string
	env       []string
	ready     func(ctx context.Context, port int) error

	mu    sync.Mutex
	child *child
}

// Start starts a stopped or killed server and waits until it answers.
func (p *Process) Start(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.external != "" {
		return p.errExternal("start")
	}
	if p.child != nil {
		return fmt.Errorf("start %s: it runs already, as pid %d", p.service, p.child.pid())
	}
	return p.start(ctx)
}

// Stop asks the server to shut down and waits until it has; it is killed when ctx or its patience ends.
func (p *Process) Stop(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.external != "" {
		return p.errExternal("stop")
	}
	if p.child == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	err := p.child.stop(ctx)
	p.child = nil
	if err != nil {
		return fmt.Errorf("stop %s: %w", p.service, err)
	}
	return nil
}

// Kill ends the server at once by SIGKILL, as a crash would, and waits until it is gone.
func (p *Process) Kill() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.external != "" {
		return p.errExternal("kill")
	}
	p.kill()
	return nil
}

// Restart is Stop and Start.
func (p *Process) Restart(ctx context.Context) error {
	if err := p.Stop(ctx); err != nil {
		return err
	}
	return p.Start(ctx)
}

// Close ends the server and removes its temporary folder. It may be called twice, and leaves a
// server alone that was not started here.
func (p *Process) Close() error {
	if p.external != "" {
		return nil
	}
	defer p.reserved.release()
	if !p.temporary {
		return p.Stop(context.Background())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kill()
	if err := os.RemoveAll(p.dir); err != nil {
		return fmt.Errorf("remove data of %s: %w", p.service, err)
	}
	return nil
}

// Pid is the server's process id, 0 when it does not run or was not started here.
func (p *Process) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil {
		return 0
	}
	return p.child.pid()
}

func (p *Process) port() int { return p.reserved.first }

// LogPath is the file with what the server printed; empty for one that was not started here.
func (p *Process) LogPath() string {
	if p.external != "" {
		return ""
	}
	return filepath.Join(p.dir, p.service+".log")
}

// start needs p.mu held.
func (p *Process) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	// Else a server that already listens there would answer in the place of this one.
	if err := awaitBindable(p.port(), p.ports); err != nil {
		return fmt.Errorf("start %s: %w", p.service, err)
	}
	args := append([]string{"run", p.dir, strconv.Itoa(p.port())}, p.flags...)
	child, err := runServer(p.script, p.LogPath(), p.env, args)
	if err != nil {
		return fmt.Errorf("start %s: %w", p.service, err)
	}
	p.child = child
	if err := p.await(ctx); err != nil {
		p.kill()
		return fmt.Errorf("start %s: %w", p.service, err)
	}
	return nil
}

// await polls until the server answers, has ended, or ctx has.
func (p *Process) await(ctx context.Context) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	last := errors.New("none yet")
	for {
		select {
		case <-p.child.done:
			return p.child.failure()
		case <-ctx.Done():
			return fmt.Errorf("wait for port %d: %w: last answer: %w; the end of its log:\n%s",
				p.port(), ctx.Err(), last, tail(p.LogPath(), 20))
		case <-ticker.C:
			if last = p.ready(ctx, p.port()); last == nil {
				return nil
			}
		}
	}
}

// kill needs p.mu held.
func (p *Process) kill() {
	if p.child != nil {
		p.child.kill()
		p.child = nil
	}
}

func (p *Process) errExternal(verb string) error {
	return fmt.Errorf("%s %s: %w: unset %s to have one started", verb, p.service, ErrExternal, p.external)
}
