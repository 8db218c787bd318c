package sdk

import (
	"os"
	"runtime/debug"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/leat-io/leat/sdk/handshake"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// ServeSource runs a source plugin; it is all that its main function calls.
// defaults returns the configuration struct with its defaults, which sdk/config
// describes and fills; newSource makes an instance from a configuration that
// has been checked, and connects to nothing. It is never called for anything but
// a configuration that somebody has written.
//
// What newSource returns tells Describe what the source can do: let it be the
// type itself where there is one, and Source where the configuration decides.
func ServeSource[C any, S Source](info Info, defaults func() C, newSource func(C, Env) (S, error)) {
	NewSource(info, defaults, newSource).Serve()
}

// ServeTransform runs a transform plugin; see ServeSource.
func ServeTransform[C any, T Transform](info Info, defaults func() C, newTransform func(C, Env) (T, error)) {
	NewTransform(info, defaults, newTransform).Serve()
}

// ServeSink runs a sink plugin; see ServeSource.
func ServeSink[C any, S Sink](info Info, defaults func() C, newSink func(C, Env) (S, error)) {
	NewSink(info, defaults, newSink).Serve()
}

// Plugin is a plugin that is ready to be served, or to be tested by sdktest.
type Plugin struct{ control *control }

// NewSource returns the plugin that ServeSource serves.
func NewSource[C any, S Source](info Info, defaults func() C, newSource func(C, Env) (S, error)) *Plugin {
	p := newPlugin(info, leatv1.Kind_KIND_SOURCE, defaults, func(c C, env Env) (instance, error) {
		s, err := made(newSource(c, env))
		return &sourceInstance{source: s}, err
	})
	p.control.may.snapshot = mayBe[S, Snapshotter]()
	return p
}

// NewTransform returns the plugin that ServeTransform serves.
func NewTransform[C any, T Transform](info Info, defaults func() C, newTransform func(C, Env) (T, error)) *Plugin {
	return newPlugin(info, leatv1.Kind_KIND_TRANSFORM, defaults, func(c C, env Env) (instance, error) {
		t, err := made(newTransform(c, env))
		return &transformInstance{transform: t}, err
	})
}

// NewSink returns the plugin that ServeSink serves.
func NewSink[C any, S Sink](info Info, defaults func() C, newSink func(C, Env) (S, error)) *Plugin {
	p := newPlugin(info, leatv1.Kind_KIND_SINK, defaults, func(c C, env Env) (instance, error) {
		s, err := made(newSink(c, env))
		return &sinkInstance{sink: s}, err
	})
	p.control.may.transact = mayBe[S, TransactionalSink]()
	return p
}

// Server returns the control plane, for hosts that run the plugin in their own
// process: tests do. The process is not ended when the host is gone.
func (p *Plugin) Server() leatv1.PluginServiceServer { return p.control }

// Serve speaks to the host that started this process until that ends it, or is
// gone itself.
func (p *Plugin) Serve() {
	Frugal()
	p.control.orphaned = func() {
		endGroup()
		os.Exit(exitOrphaned)
	}
	go watchParent(os.Getppid(), p.control.orphaned)
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig:  handshake.Config,
		VersionedPlugins: handshake.Plugins(p.control),
		Logger:           quietLogger(),
		GRPCServer: func(opts []grpc.ServerOption) *grpc.Server {
			opts = append(opts, grpc.MaxRecvMsgSize(handshake.MaxMessage), grpc.MaxSendMsgSize(handshake.MaxMessage), keepStderr())
			return grpc.NewServer(append(opts, profiled()...)...)
		},
	})
}

// frugalPercent is how much of garbage there may be for what is in use.
const frugalPercent = 50

// Frugal has the process collect garbage at half the usual growth, unless GOGC
// says otherwise. What leat's processes hold is buffers, which cost next to
// nothing to scan, and there are several of them on a machine. Serve calls it.
func Frugal() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(frugalPercent)
	}
}
