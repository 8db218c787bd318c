package plugin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/leat-io/leat/sdk/handshake"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

const startTimeout = 30 * time.Second

// Errors of Start.
var (
	// ErrChecksum means that a binary is not the one the pipeline file names.
	ErrChecksum = errors.New("plugin's checksum does not match")
	// ErrNotPlugin means that a binary does not begin as a plugin does.
	ErrNotPlugin = errors.New("not a plugin")
)

// Settings of a process.
type Settings struct {
	// Path of the binary.
	Path string
	// SHA256 the binary must have, in hex; empty: not checked.
	SHA256 string
	// Env lists the variables that the plugin gets beside those that all have.
	Env []string
	// Pipeline and Name say whose process it is.
	Pipeline, Name string
	// Logger gets the plugin's log lines.
	Logger *slog.Logger
	// StartTimeout is what the process has to say that it is a plugin; 0: 30 seconds.
	StartTimeout time.Duration
}

func (s *Settings) timeout() time.Duration { return cmp.Or(s.StartTimeout, startTimeout) }

// Process is a running plugin.
type Process struct {
	settings Settings
	client   *goplugin.Client
	cmd      *exec.Cmd
	kill     context.CancelFunc // of what waits for the process
	control  leatv1.PluginServiceClient
	output   *output
	sockets  string // folder of its sockets
	killed   sync.Once
}

// Start runs the binary and returns once its control plane answers. Variables
// that Env lists are given to a plugin that declares them, and to no other: one
// that does not is not started, with an EnvironmentError.
func Start(ctx context.Context, s Settings) (*Process, error) {
	if err := s.checkEnv(ctx); err != nil {
		return nil, err
	}
	return launch(ctx, s, s.Env)
}

// launch runs the binary with the variables listed.
func launch(ctx context.Context, s Settings, env []string) (*Process, error) {
	// A process that hangs while it starts is killed when ctx ends, later Kill does it.
	starting, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, kill)()
	cmd := exec.CommandContext(starting, s.Path)
	cmd.Cancel = func() error { return killGroup(cmd) }
	cmd.Env = pluginEnv(os.Environ(), env)
	// A group of its own: a Ctrl-C at the terminal is the host's to handle, and
	// the children of a plugin end with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	secure, err := secureConfig(s)
	if err != nil {
		return nil, err
	}
	tlsConfig, cert, err := identity()
	if err != nil {
		return nil, err
	}
	folder, err := sockets.take()
	if err != nil {
		return nil, err
	}
	cmd.Env = append(cmd.Env, goplugin.EnvUnixSocketDir+"="+folder, envClientCert+"="+cert)
	p := &Process{settings: s, cmd: cmd, kill: kill, output: newOutput(s.Logger), sockets: folder}
	p.client = goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  handshake.Config,
		VersionedPlugins: handshake.Plugins(nil),
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Cmd:              cmd,
		TLSConfig:        tlsConfig,
		SkipHostEnv:      true,
		SecureConfig:     secure,
		StartTimeout:     s.timeout(),
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
		Stderr:           p.output.process(),
		SyncStdout:       p.output.printed(slog.LevelInfo),
		SyncStderr:       p.output.printed(slog.LevelWarn),
		GRPCDialOptions: []grpc.DialOption{grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(handshake.MaxSmallAnswer), grpc.MaxCallSendMsgSize(handshake.MaxMessage))},
	})
	if err := p.connect(ctx); err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

func (p *Process) connect(ctx context.Context) error {
	rpc, err := p.client.Client()
	if errors.Is(err, goplugin.ErrChecksumsDoNotMatch) {
		return fmt.Errorf("%w: %s is not the binary with sha256 %s; update sha256 in the pipeline file if the change was meant",
			ErrChecksum, p.settings.Path, p.settings.SHA256)
	}
	if ctx.Err() != nil {
		return ctx.Err() // it was killed for that
	}
	if err != nil {
		return p.startError(err)
	}
	raw, err := rpc.Dispense(handshake.Name)
	if err != nil {
		return fmt.Errorf("start plugin %s: %w", p.settings.Path, err)
	}
	p.control = raw.(leatv1.PluginServiceClient) // what handshake.Plugins makes
	return ctx.Err()
}

// Describe asks the plugin what it is.
func (p *Process) Describe(ctx context.Context) (*leatv1.DescribeResponse, error) {
	return p.control.Describe(ctx, &leatv1.DescribeRequest{})
}

// Check is what a plugin is to validate.
type Check struct {
	// Config as JSON.
	Config []byte
	// Files that values of it come from, by the paths of their keys.
	Files map[string]string
	// Live has the plugin ask the systems that the configuration names.
	Live bool
	// Expected is what the plugin before expects to send.
	Expected []*leatv1.Stream
	// Sinks are for sources: those that have a checkpoint.
	Sinks []Sink
}

// Validate has the plugin check a configuration.
func (p *Process) Validate(ctx context.Context, c Check) (*leatv1.ValidateResponse, error) {
	r, err := p.control.Validate(ctx, &leatv1.ValidateRequest{
		Config: c.Config, Live: c.Live, Pipeline: p.settings.Pipeline, Name: p.settings.Name,
		Files: c.Files, Streams: c.Expected, Sinks: sinksToProto(c.Sinks),
	}, grpc.MaxCallRecvMsgSize(handshake.MaxAnswer))
	if err != nil {
		return nil, fmt.Errorf("validate by plugin %s: %w", p.settings.Name, err)
	}
	return r, nil
}

// Health returns what the plugin waits for, if anything, its notices and a source's
// progress. A source is told how far the sinks have come.
func (p *Process) Health(ctx context.Context, sinks []*leatv1.Sink) (*leatv1.HealthResponse, error) {
	return p.control.Health(ctx, &leatv1.HealthRequest{Sinks: sinks}, grpc.MaxCallRecvMsgSize(handshake.MaxSmallAnswer))
}

// Metrics returns the plugin's metrics as length-delimited families.
func (p *Process) Metrics(ctx context.Context) ([]byte, error) {
	r, err := p.control.Metrics(ctx, &leatv1.MetricsRequest{}, grpc.MaxCallRecvMsgSize(handshake.MaxAnswer))
	return r.GetFamilies(), err
}

// Stop has the plugin end its stream and finish what it has.
func (p *Process) Stop(ctx context.Context) error {
	r, err := p.control.Stop(ctx, &leatv1.StopRequest{})
	if err != nil {
		return fmt.Errorf("stop plugin %s: %w", p.settings.Name, err)
	}
	return failureError(r.GetFailure())
}

// Kill ends the process and all it has started. It may be called more than once.
func (p *Process) Kill() {
	if p.cmd.Process != nil {
		_ = killGroup(p.cmd) // it is gone already if this fails
	}
	p.client.Kill()
	p.kill()
	p.killed.Do(func() {
		p.output.end()
		sockets.giveBack(p.sockets)
	})
}

// killGroup kills the process group, so that nothing of the plugin is left.
func killGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// DroppedLines returns how many lines of the plugin are not in the log, as it
// wrote too many.
func (p *Process) DroppedLines() uint64 { return p.output.droppedLines() }

// Pid returns the process id.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

func secureConfig(s Settings) (*goplugin.SecureConfig, error) {
	if s.SHA256 == "" {
		return nil, nil
	}
	sum, err := hex.DecodeString(s.SHA256)
	if err != nil || len(sum) != sha256.Size {
		return nil, fmt.Errorf("%w: sha256 %q is not 64 hex digits", ErrChecksum, s.SHA256)
	}
	return &goplugin.SecureConfig{Checksum: sum, Hash: sha256.New()}, nil
}
