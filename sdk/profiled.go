package sdk

import (
	"context"
	"fmt"
	"os"
	"sync"

	"google.golang.org/grpc"

	"github.com/leat-io/leat/sdk/profile"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// profiled has a plugin profile itself from Open to Stop, if the environment asks
// for it; see package profile. The files are named PIPELINE.NAME, so that two
// sinks of one plugin do not overwrite each other's.
func profiled() []grpc.ServerOption {
	dir := os.Getenv(profile.Env)
	if dir == "" {
		return nil
	}
	p := &profiler{dir: dir, stop: func() error { return nil }}
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(p.intercept)}
}

// profiler begins at Open, not when the process starts: most processes that only
// describe or validate are never stopped in order.
type profiler struct {
	dir string

	mu   sync.Mutex
	stop func() error
}

func (p *profiler) intercept(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	switch req := req.(type) {
	case *leatv1.OpenRequest:
		if err := p.begin(req.GetPipeline() + "." + req.GetName()); err != nil {
			return nil, fmt.Errorf("profile into %s=%s: %w", profile.Env, p.dir, err)
		}
	case *leatv1.StopRequest:
		resp, err := handle(ctx, req)
		if perr := p.end(); perr != nil && err == nil {
			return nil, fmt.Errorf("profile into %s=%s: %w", profile.Env, p.dir, perr)
		}
		return resp, err
	}
	return handle(ctx, req)
}

func (p *profiler) begin(name string) (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stop, err := profile.Start(p.dir, name)
	if err == nil {
		p.stop = stop
	}
	return err
}

func (p *profiler) end() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	stop := p.stop
	p.stop = func() error { return nil }
	return stop()
}
