package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/plugin"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// The defaults of Settings.
const (
	healthInterval = 5 * time.Second
	healthTimeout  = 15 * time.Second
)

var errUnhealthy = errors.New("plugin does not answer Health")

// describeTimeout is what a plugin may take to say what it is.
const describeTimeout = 30 * time.Second

// session runs one process of the plugin and returns what ended it.
func (k *keeper) session(alive context.Context) error {
	k.enter("has not started yet")
	p, err := k.start(alive)
	if err != nil {
		return err
	}
	k.hold(p)
	defer k.letGo(p)
	link, err := k.open(alive, p)
	if err != nil || link == nil {
		return p.Epitaph(err)
	}
	return p.Epitaph(k.watch(alive, p, link))
}

func (k *keeper) hold(p *plugin.Process) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.running = p
}

// letGo ends a process, and keeps its count of lines that are not in the log.
func (k *keeper) letGo(p *plugin.Process) {
	p.Kill()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.running = nil
	k.droppedLines += p.DroppedLines()
}

// start returns the process that was started beforehand, or a new one.
func (k *keeper) start(alive context.Context) (*plugin.Process, error) {
	if p := k.runner.started.Take(k.runner.def.Name, k.name); p != nil {
		return p, nil
	}
	path, err := plugin.Find(k.runner.dirs, k.def.Plugin)
	if err != nil {
		return nil, err
	}
	return plugin.Start(alive, plugin.Settings{
		Path: path, SHA256: k.def.SHA256, Env: k.def.Env, Pipeline: k.runner.def.Name, Name: k.name, Logger: k.log,
	})
}

// open opens the plugin and connects it to the flow. The link is nil if the
// plugin was stopped meanwhile.
func (k *keeper) open(alive context.Context, p *plugin.Process) (*flow.Link, error) {
	about, err := k.describe(alive, p)
	if err != nil {
		return nil, err
	}
	if err := k.fits(about.GetKind()); err != nil {
		return nil, err
	}
	if !about.GetTransactional() {
		k.ready()
	}
	o := plugin.Open{Config: k.def.Config, Files: k.def.Files}
	if k.stage == flow.Source {
		if err := k.waitForSinks(alive); err != nil {
			return nil, err
		}
		o.Sinks, o.Next = k.resume()
	}
	k.enter("has not answered Open yet")
	opened, err := p.Open(alive, o)
	if err != nil {
		return nil, err
	}
	if err := k.learn(about.GetTransactional(), opened); err != nil {
		opened.Conn.Close()
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stopped {
		opened.Conn.Close()
		return nil, nil
	}
	link := k.runner.flow.Attach(k.stage, opened.Conn, opened.Checkpoint)
	k.process, k.opened, k.progress, k.waits = p, time.Now(), k.runner.flow.Progress(k.stage), waits{}
	k.reported = nil
	return link, nil
}

func (k *keeper) describe(alive context.Context, p *plugin.Process) (*leatv1.DescribeResponse, error) {
	ctx, cancel := context.WithTimeout(alive, describeTimeout)
	defer cancel()
	about, err := p.Describe(ctx)
	switch {
	case err == nil:
		return about, nil
	case plugin.TimedOut(err) && alive.Err() == nil:
		return nil, fmt.Errorf("has not answered Describe within %v", describeTimeout)
	}
	return nil, fmt.Errorf("describe plugin: %w", err)
}

// learn takes in whether a sink stores its checkpoints itself. The first process
// decides that for the run, as the source has begun by its answer.
func (k *keeper) learn(maybe bool, opened *plugin.Opened) error {
	if k.stage < flow.FirstSink {
		return nil
	}
	if maybe && opened.Transactional == nil {
		return flow.Permanent("the sink may be transactional and does not say whether it is; build it with this version's SDK")
	}
	is := opened.Transactional != nil && *opened.Transactional
	if is && !maybe {
		return flow.Permanent("the sink says that it is transactional, which it had excluded before; build it with this version's SDK")
	}
	k.knownOnce.Do(func() {
		if is {
			k.runner.flow.Transactional(int(k.stage-flow.FirstSink), opened.Checkpoint)
		}
		k.transactional = is
		close(k.known)
	})
	if is != k.transactional {
		return flow.Permanent(fmt.Sprintf("the sink was started again and says transactional=%t, before it was %t", is, k.transactional))
	}
	return nil
}

func (k *keeper) waitForSinks(alive context.Context) error {
	for _, sink := range k.runner.keepers[flow.FirstSink:] {
		k.enter("waits for sink " + sink.name + " to open")
		select {
		case <-sink.known:
		case <-alive.Done():
			return alive.Err()
		}
	}
	return nil
}

func (k *keeper) resume() ([]plugin.Sink, uint64) {
	checkpoints, next := k.runner.flow.Resume()
	var sinks []plugin.Sink
	for i, c := range checkpoints {
		sinks = append(sinks, plugin.Sink{Name: k.runner.def.Sinks[i].Name, Checkpoint: c})
	}
	return sinks, next
}

// watch waits until the link ends, and ends it if the plugin falls silent.
func (k *keeper) watch(alive context.Context, p *plugin.Process, link *flow.Link) error {
	ctx, cancel := context.WithCancelCause(alive)
	defer cancel(nil)
	go func() {
		if err := contain.Call(func() error { k.checkHealth(ctx, p, cancel); return nil }); err != nil {
			cancel(err)
		}
	}()
	defer context.AfterFunc(ctx, func() { _ = contain.Call(func() error { link.Close(); return nil }) })()
	err := link.Wait()
	if err == nil && alive.Err() == nil {
		err = context.Cause(ctx) // unless the plugin said itself what ended it
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.process = nil
	return err
}

func (k *keeper) checkHealth(ctx context.Context, p *plugin.Process, unhealthy context.CancelCauseFunc) {
	tick := time.NewTicker(k.runner.health.interval)
	defer tick.Stop()
	for {
		call, cancel := context.WithTimeout(ctx, k.runner.health.timeout)
		health, err := p.Health(call, k.durable())
		cancel()
		switch {
		case err == nil:
			k.setHealth(health)
			k.tellRecovery()
		case ctx.Err() == nil && !k.isStopped():
			unhealthy(unhealthyError(err, k.runner.health.timeout))
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// unhealthyError tells no answer in time from another one, as of a plugin that has
// no such call.
func unhealthyError(err error, timeout time.Duration) error {
	if plugin.TimedOut(err) {
		return fmt.Errorf("%w within %v", errUnhealthy, timeout)
	}
	return fmt.Errorf("%w: %w", errUnhealthy, err)
}
