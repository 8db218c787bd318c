package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// recipe is what launch needs to know of one kind of server.
type recipe struct {
	service string // its script in e2e/services, without .sh
	ports   int    // how many consecutive ports it takes
	ready   func(ctx context.Context, port int) error
}

// launch fetches the server if need be, starts it, and waits until it answers.
func launch(ctx context.Context, r recipe, opts Options) (*Process, error) {
	scripts, err := scriptsDir()
	if err != nil {
		return nil, err
	}
	p := &Process{
		service: r.service, script: filepath.Join(scripts, r.service+".sh"),
		flags: opts.Flags, env: opts.Env, ready: r.ready,
	}
	if err := fetch(ctx, p.script, opts.Env, opts.Progress); err != nil {
		return nil, err
	}
	if err := p.chooseDir(opts.Dir); err != nil {
		return nil, err
	}
	if err := p.choosePorts(opts.Port, r.ports); err != nil {
		return nil, err
	}
	if err := p.Start(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Process) chooseDir(dir string) error {
	var err error
	if p.temporary = dir == ""; p.temporary {
		p.dir, err = os.MkdirTemp("", "leat-"+p.service+"-")
	} else if p.dir, err = filepath.Abs(dir); err == nil {
		err = os.MkdirAll(p.dir, 0o700)
	}
	if err != nil {
		return fmt.Errorf("make folder of %s: %w", p.service, err)
	}
	return nil
}

// choosePorts takes the wanted port, or free ones when it is zero.
func (p *Process) choosePorts(wanted, n int) error {
	p.ports = n
	p.reserved = &reservation{first: wanted}
	if wanted != 0 {
		return nil
	}
	var err error
	p.reserved, err = reserve(n)
	return err
}
