package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/sdk/config"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// instance is a source, transform or sink behind the control plane.
type instance interface {
	// open prepares the plugin and returns the checkpoint of a transactional sink.
	open(ctx context.Context, req *leatv1.OpenRequest) (*leatv1.Checkpoint, error)
	// run moves frames until the stream ends, ctx ends, or an error.
	run(ctx context.Context, conn *connection) error
	close(ctx context.Context) error
	// plugin returns what the author wrote, to ask for optional abilities.
	plugin() any
}

// control is the control plane of a plugin process.
type control struct {
	leatv1.UnimplementedPluginServiceServer
	info     Info
	kind     leatv1.Kind
	fields   []config.Field
	build    func(given given, env Env) (instance, []config.Problem, error)
	may      abilities
	orphaned func()
	// batchLimit is the number of records at which a source's batch closes.
	batchLimit uint32

	mu       sync.Mutex
	opened   bool
	registry *prometheus.Registry
	// contradiction among the metrics is told once.
	contradiction sync.Once
	current       instance
	conn          *connection
	cancel        context.CancelFunc
	ended         chan struct{}
}

// given is a request that carries a configuration.
type given interface {
	GetConfig() []byte
	GetFiles() map[string]string
}

func newPlugin[C any](info Info, kind leatv1.Kind, defaults func() C, build func(C, Env) (instance, error)) *Plugin {
	fields, err := config.Describe(defaults())
	if err != nil {
		panic(fmt.Sprintf("%s: configuration struct: %v", info.Name, err)) // a mistake of the author, seen at the first start
	}
	c := &control{info: info, kind: kind, fields: fields, registry: prometheus.NewRegistry(), batchLimit: hardRecords}
	c.build = func(given given, env Env) (instance, []config.Problem, error) {
		cfg := defaults()
		if problems := config.DecodeFiles(given.GetConfig(), given.GetFiles(), &cfg); len(problems) > 0 {
			return nil, problems, nil
		}
		i, err := build(cfg, env)
		return i, nil, err
	}
	return &Plugin{control: c}
}

func (c *control) env(pipeline, name string, r prometheus.Registerer) Env {
	return Env{Pipeline: pipeline, Name: name, Logger: newLogger(stderr), Metrics: &registerer{Registerer: r, plugin: c.info.Name}}
}

func (c *control) Describe(context.Context, *leatv1.DescribeRequest) (*leatv1.DescribeResponse, error) {
	out := &leatv1.DescribeResponse{
		Name: c.info.Name, Version: c.info.Version, Kind: c.kind, Summary: c.info.Summary,
		Transactional: c.may.transact, Snapshots: c.may.snapshot,
		Accepts: kindsToProto(c.info.Accepts), Emits: kindsToProto(c.info.Emits),
		Environment: c.info.Environment,
	}
	for _, f := range c.fields {
		out.Config = append(out.Config, fieldToProto(f))
	}
	return out, nil
}

func (c *control) Validate(ctx context.Context, req *leatv1.ValidateRequest) (*leatv1.ValidateResponse, error) {
	env := c.env(req.GetPipeline(), req.GetName(), prometheus.NewRegistry())
	env.Expected = streamsFromProto(req.GetStreams())
	i, problems, err := c.build(req, env)
	if len(problems) > 0 {
		return &leatv1.ValidateResponse{Findings: problemsToProto(problems)}, nil
	}
	if err != nil {
		problems = []config.Problem{{Message: err.Error()}}
		return &leatv1.ValidateResponse{Findings: problemsToProto(problems)}, nil
	}
	out := &leatv1.ValidateResponse{}
	if v, ok := i.plugin().(Validator); ok && req.GetLive() {
		for _, f := range v.Validate(ctx) {
			out.Findings = append(out.Findings, findingToProto(f))
		}
	}
	if req.GetLive() {
		out.Findings = append(out.Findings, validateResume(ctx, i.plugin(), req.GetSinks())...)
		streams, findings := forecast(ctx, i.plugin(), env.Expected)
		out.Streams, out.Findings = streams, append(out.Findings, findings...)
	}
	return out, nil
}

func (c *control) Open(ctx context.Context, req *leatv1.OpenRequest) (*leatv1.OpenResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opened {
		return nil, errors.New("plugin was opened before: a process serves one Open")
	}
	c.opened = true
	checkpoint, err := c.open(ctx, req)
	if err != nil {
		return &leatv1.OpenResponse{Failure: failureToProto(err)}, nil
	}
	out := &leatv1.OpenResponse{Checkpoint: checkpoint}
	if c.kind == leatv1.Kind_KIND_SINK {
		_, is := c.current.plugin().(TransactionalSink)
		out.Transactional = &is
	}
	return out, nil
}

func (c *control) open(ctx context.Context, req *leatv1.OpenRequest) (*leatv1.Checkpoint, error) {
	env := c.env(req.GetPipeline(), req.GetName(), c.registry)
	i, problems, err := c.build(req, env)
	if len(problems) > 0 {
		return nil, problemsError(problems)
	}
	if err != nil {
		return nil, err
	}
	if s, ok := i.(*sourceInstance); ok {
		s.batchLimit = c.batchLimit
	}
	checkpoint, err := i.open(ctx, req)
	if err != nil {
		return nil, abandon(ctx, i, err)
	}
	conn, err := dial(req.GetSocket(), req.GetToken())
	if err != nil {
		return nil, abandon(ctx, i, err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c.current, c.conn, c.cancel, c.ended = i, conn, cancel, make(chan struct{})
	go c.run(run)
	return checkpoint, nil
}

// abandon closes what could not be opened. What kept it from that decides whether
// it is tried again, not what closing it finds.
func abandon(ctx context.Context, i instance, err error) error {
	if closing := i.close(ctx); closing != nil {
		return classify(errors.Join(err, closing), failureKind(err))
	}
	return err
}

func (c *control) run(ctx context.Context) {
	defer close(c.ended)
	err := c.current.run(ctx, c.conn)
	switch {
	case err == nil || errors.Is(err, io.EOF):
	case errors.Is(err, errHostGone):
		if c.orphaned != nil {
			c.orphaned()
		}
	default:
		c.conn.fail(err)
	}
}

// Stop ends the stream and closes the plugin. The data socket stays open until
// the process ends, so that the host reads all that was sent.
func (c *control) Stop(ctx context.Context, _ *leatv1.StopRequest) (*leatv1.StopResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		return &leatv1.StopResponse{}, nil
	}
	c.conn.stopping()
	if c.kind == leatv1.Kind_KIND_SOURCE {
		c.cancel() // nothing else ends a source; the others first finish what they have received
	}
	select {
	case <-c.ended:
	case <-ctx.Done():
		c.cancel()
		return &leatv1.StopResponse{Failure: failureToProto(ctx.Err())}, nil
	}
	err := c.current.close(ctx)
	c.current = nil
	return &leatv1.StopResponse{Failure: failureToProto(err)}, nil
}

func (c *control) Health(_ context.Context, req *leatv1.HealthRequest) (*leatv1.HealthResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := &leatv1.HealthResponse{}
	if c.current == nil {
		return out, nil
	}
	if h, ok := c.current.plugin().(HealthChecker); ok {
		if err := h.Health(); err != nil {
			out.Detail = err.Error()
		}
	}
	tellDurable(c.current.plugin(), req.GetSinks())
	out.Notices = noticesToProto(c.current.plugin())
	if c.kind == leatv1.Kind_KIND_SOURCE {
		out.Progress = progressToProto(c.current.plugin())
	}
	return out, nil
}

func (c *control) Metrics(context.Context, *leatv1.MetricsRequest) (*leatv1.MetricsResponse, error) {
	b, err := gather(c.registry)
	if err != nil && len(b) == 0 {
		return nil, fmt.Errorf("gather metrics: %w", err)
	}
	if err != nil {
		c.contradiction.Do(func() { newLogger(stderr).Warn("some metrics are left out", "error", err) })
	}
	return &leatv1.MetricsResponse{Families: b}, nil
}
