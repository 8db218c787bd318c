package sdktest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// defaultTimeout is how long the tools wait for a plugin.
const defaultTimeout = 30 * time.Second

// errWaited means that a plugin did not do in time what was waited for.
var errWaited = errors.New("plugin did not answer in time")

// host runs one plugin; it is what the three runs have in common.
type host struct {
	t             TB
	timeout       time.Duration
	server        leatv1.PluginServiceServer
	conn          net.Conn
	frames        chan *frame.Frame // closed when the plugin's side has ended
	closed        chan struct{}     // closed by the test
	stored        *leatv1.Checkpoint
	transactional bool
	ended         bool
}

// queued frames of a plugin that is sent to while nobody reads what it answers.
const queued = 1 << 16

// open opens a plugin; the error is what the plugin reported. So many of its
// frames are taken before somebody asks for them.
func open(t TB, p *sdk.Plugin, config any, req *leatv1.OpenRequest, ahead int) (*host, error) {
	t.Helper()
	raw, err := json.Marshal(config)
	if err != nil {
		t.Fatalf("encode configuration: %v", err)
	}
	dir, err := os.MkdirTemp("", "leat") // t.TempDir is too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	req.Socket, req.Token = filepath.Join(dir, "s"), []byte(rand.Text())
	listener, err := net.Listen("unix", req.GetSocket())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	req.Config, req.Pipeline = raw, "sdktest"
	ctx, cancel := context.WithTimeout(context.Background(), defaultTimeout)
	defer cancel()
	res, err := p.Server().Open(ctx, req)
	if err != nil {
		t.Fatalf("open plugin: %v", err)
	}
	if err := failure(res.GetFailure()); err != nil {
		return nil, err
	}
	h := &host{
		t: t, timeout: defaultTimeout, server: p.Server(), stored: res.GetCheckpoint(),
		transactional: res.GetTransactional(),
		frames:        make(chan *frame.Frame, ahead), closed: make(chan struct{}),
	}
	if h.conn, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	h.greet(req.GetToken())
	t.Cleanup(h.Kill)
	return h, nil
}

func (h *host) greet(token []byte) {
	h.t.Helper()
	r := frame.NewReader(h.conn)
	f, err := r.Read()
	if err != nil || f.Type != frame.Hello || string(f.Payload) != string(token) {
		h.t.Fatalf("plugin did not greet with its token: %v", err)
	}
	go func() {
		defer close(h.frames)
		for {
			f, err := r.Read()
			if err != nil {
				return
			}
			select {
			case h.frames <- f:
			case <-h.closed:
				return
			}
		}
	}()
}

// next returns the plugin's next frame, nil if none comes any more.
func (h *host) next() (*frame.Frame, error) {
	timeout := time.NewTimer(h.timeout)
	defer timeout.Stop()
	select {
	case f := <-h.frames:
		return f, nil
	case <-timeout.C:
		return nil, fmt.Errorf("%w: waited %v for a frame", errWaited, h.timeout)
	}
}

// send writes frames that are encoded.
func (h *host) send(raw []byte) {
	h.t.Helper()
	if err := h.conn.SetWriteDeadline(time.Now().Add(h.timeout)); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.conn.Write(raw); err != nil {
		h.t.Fatalf("send to plugin: %v", err)
	}
}

// stop calls Stop; the plugin may still send until that returns.
func (h *host) stop(ctx context.Context) error {
	if h.ended {
		return nil
	}
	res, err := h.server.Stop(ctx, &leatv1.StopRequest{})
	if err != nil {
		return fmt.Errorf("stop plugin: %w", err)
	}
	return failure(res.GetFailure())
}

func (h *host) hangUp() {
	if !h.ended {
		h.ended = true
		close(h.closed)
		h.conn.Close()
	}
}

// Kill ends the plugin as far as that goes within a process: the socket closes,
// and Close gets a context that has ended.
func (h *host) Kill() {
	h.t.Helper()
	if h.ended {
		return
	}
	h.hangUp()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	deadline := time.Now().Add(h.timeout)
	for {
		// A Stop whose time is up may return before the plugin has ended.
		res, err := h.server.Stop(ctx, &leatv1.StopRequest{})
		if err == nil && res.GetFailure() == nil {
			return
		}
		if time.Now().After(deadline) {
			h.t.Errorf("plugin did not end within %v after its host was gone", h.timeout)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// failure is an error that a plugin reported.
func failure(f *leatv1.Failure) error {
	switch {
	case f == nil:
		return nil
	case f.GetKind() == leatv1.FailureKind_FAILURE_KIND_PERMANENT:
		return sdk.Permanent(errors.New(f.GetMessage()))
	case f.GetKind() == leatv1.FailureKind_FAILURE_KIND_SUPERSEDED:
		return sdk.Superseded(errors.New(f.GetMessage()))
	case f.GetKind() == leatv1.FailureKind_FAILURE_KIND_TRANSIENT:
		return sdk.Transient(errors.New(f.GetMessage()))
	default:
		return errors.New(f.GetMessage())
	}
}

func failFrame(f *frame.Frame) error {
	var msg leatv1.Failure
	if err := proto.Unmarshal(f.Payload, &msg); err != nil {
		return fmt.Errorf("read fail frame: %w", err)
	}
	return failure(&msg)
}

// known keeps the schemas that were announced.
type known map[sdk.SchemaID]sdk.Schema

func (k known) add(f *frame.Frame) error {
	s, err := sdk.ParseSchema(f.Payload)
	if err != nil {
		return err
	}
	_, id, err := s.Encode()
	if err == nil && uint64(id) != f.Sequence {
		err = fmt.Errorf("schema frame %x: the id of its schema is %v", f.Sequence, id)
	}
	k[sdk.SchemaID(f.Sequence)] = s
	return err
}
