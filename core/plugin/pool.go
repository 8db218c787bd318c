package plugin

import "sync"

// Pool holds processes that were started before their pipeline runs, so that those
// that have checked a configuration need not be started again. A nil Pool is empty.
type Pool struct {
	mu   sync.Mutex
	idle map[owner]*Process
}

// owner is whose process it is.
type owner struct{ pipeline, name string }

// Put gives a process to the pool.
func (p *Pool) Put(process *Process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle == nil {
		p.idle = map[owner]*Process{}
	}
	p.idle[owner{process.settings.Pipeline, process.settings.Name}] = process
}

// Take hands the process of a pipeline's plugin out; nil if there is none.
func (p *Pool) Take(pipeline, name string) *Process {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	of := owner{pipeline, name}
	process := p.idle[of]
	delete(p.idle, of)
	return process
}

// Kill ends the processes that nobody took.
func (p *Pool) Kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ended sync.WaitGroup
	for _, process := range p.idle {
		ended.Go(process.Kill)
	}
	ended.Wait()
	clear(p.idle)
}
