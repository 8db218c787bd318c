package plugin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"google.golang.org/grpc"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
	"github.com/leat-io/leat/sdk/handshake"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

const (
	tokenSize    = 32
	helloTimeout = 10 * time.Second
	// openTimeout is what a plugin may take to connect to its systems. Retries
	// within it are the plugin's, those after it the host's.
	openTimeout  = 2 * time.Minute
	socketBuffer = 1 << 20
	anyPid       = 0 // of a peer that the system does not tell
)

// errStranger means that somebody else than the plugin came to its data socket.
var errStranger = errors.New("data socket: the peer is not the plugin")

// Sink is a sink of the pipeline as a source is told of it.
type Sink struct {
	Name       string
	Checkpoint *ledger.Checkpoint
}

// Open is what a plugin is opened with.
type Open struct {
	// Config as JSON.
	Config []byte
	// Files that values of it come from, by the paths of their keys.
	Files map[string]string
	// Sinks and Next are for sources.
	Sinks []Sink
	Next  uint64
}

// Opened is what comes of it.
type Opened struct {
	Conn *flow.Conn
	// Checkpoint that a transactional sink stored last; nil if it has none.
	Checkpoint *ledger.Checkpoint
	// Transactional says whether a sink stores its checkpoints itself; nil if the
	// plugin does not say.
	Transactional *bool
}

// Open opens the plugin and accepts its data socket.
func (p *Process) Open(ctx context.Context, o Open) (*Opened, error) {
	path := filepath.Join(p.sockets, "data")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("listen on the data socket: %w", err)
	}
	defer func() { _ = listener.Close() }() // the socket is connected or of no use

	token := make([]byte, tokenSize)
	_, _ = rand.Read(token) // never fails
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	r, err := p.control.Open(opening, p.openRequest(o, path, token), grpc.MaxCallRecvMsgSize(handshake.MaxMessage))
	if TimedOut(err) && ctx.Err() == nil {
		return nil, fmt.Errorf("has not answered Open within %v", openTimeout)
	}
	if err != nil {
		return nil, fmt.Errorf("open plugin: %w", err)
	}
	if err := failureError(r.GetFailure()); err != nil {
		return nil, err
	}
	defer context.AfterFunc(opening, func() { _ = listener.Close() })() // nobody waits any more
	conn, err := accept(listener, p.Pid(), token)
	if err != nil {
		return nil, err
	}
	return &Opened{Conn: conn, Checkpoint: checkpointFromProto(r.GetCheckpoint()), Transactional: r.Transactional}, nil
}

func (p *Process) openRequest(o Open, socket string, token []byte) *leatv1.OpenRequest {
	return &leatv1.OpenRequest{
		Config: o.Config, Files: o.Files, Pipeline: p.settings.Pipeline, Name: p.settings.Name,
		Socket: socket, Token: token, NextSequence: o.Next, Sinks: sinksToProto(o.Sinks),
	}
}

func sinksToProto(sinks []Sink) []*leatv1.Sink {
	var all []*leatv1.Sink
	for _, s := range sinks {
		out := &leatv1.Sink{Name: s.Name}
		if s.Checkpoint != nil {
			out.Checkpoint = &leatv1.Checkpoint{Position: s.Checkpoint.Position, State: s.Checkpoint.State}
		}
		all = append(all, out)
	}
	return all
}

// accept takes the connection that a plugin makes while it opens, and checks
// that it is the plugin's: by the process id the system tells, and by the token.
func accept(l *net.UnixListener, pid int, token []byte) (*flow.Conn, error) {
	if err := l.SetDeadline(time.Now().Add(helloTimeout)); err != nil {
		return nil, fmt.Errorf("accept data socket: %w", err)
	}
	c, err := l.AcceptUnix()
	if err != nil {
		return nil, fmt.Errorf("accept data socket: %w", err)
	}
	conn, err := greet(c, pid, token)
	if err != nil {
		_ = c.Close() // the reason to refuse it is what counts
		return nil, err
	}
	return conn, nil
}

func greet(c *net.UnixConn, pid int, token []byte) (*flow.Conn, error) {
	if peer, err := peerPid(c); err != nil || (peer != pid && peer != anyPid) {
		return nil, errors.Join(fmt.Errorf("%w: process %d, want %d; a script in the plugin folder has to exec the plugin", errStranger, peer, pid), err)
	}
	if err := c.SetReadDeadline(time.Now().Add(helloTimeout)); err != nil {
		return nil, fmt.Errorf("read greeting: %w", err)
	}
	r := frame.NewReader(c)
	r.Limit(frame.HeaderSize + tokenSize)
	hello, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("read greeting: %w", err)
	}
	defer hello.Release()
	if hello.Type != frame.Hello || subtle.ConstantTimeCompare(hello.Payload, token) != 1 {
		return nil, fmt.Errorf("%w: wrong token", errStranger)
	}
	r.Limit(frame.MaxSize)
	_ = c.SetReadBuffer(socketBuffer) // smaller buffers only cost time
	_ = c.SetWriteBuffer(socketBuffer)
	return &flow.Conn{Conn: c, Reader: r}, c.SetReadDeadline(time.Time{})
}

func checkpointFromProto(c *leatv1.Checkpoint) *ledger.Checkpoint {
	if c == nil {
		return nil
	}
	state := c.GetState()
	if state == nil {
		state = map[string][]byte{}
	}
	return &ledger.Checkpoint{Position: c.GetPosition(), State: state}
}

func failureError(f *leatv1.Failure) error {
	if f == nil {
		return nil
	}
	return flow.NewFailure(f)
}
