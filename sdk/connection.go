package sdk

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk/frame"
)

// errHostGone ends a plugin whose data socket was closed under it.
var errHostGone = errors.New("host is gone: data socket closed")

// socketBuffer lets a whole batch be handed over without a switch of processes.
const socketBuffer = 1 << 20

// connection is the plugin's end of the data socket.
type connection struct {
	net    net.Conn
	reader *frame.Reader
	mu     sync.Mutex // guards writer
	writer *frame.Writer
	quiet  atomic.Bool // Stop was called: a closed socket is no surprise
}

func dial(path string, token []byte) (*connection, error) {
	raw, err := net.Dial("unix", path)
	if err != nil {
		return nil, Transient(fmt.Errorf("connect to the data socket: %w", err))
	}
	if u, ok := raw.(*net.UnixConn); ok {
		_ = u.SetWriteBuffer(socketBuffer) // smaller buffers only cost time
		_ = u.SetReadBuffer(socketBuffer)
	}
	c := &connection{net: raw, reader: frame.NewReader(raw), writer: frame.NewWriter(raw)}
	if err := c.write(&frame.Frame{Header: frame.Header{Type: frame.Hello}, Payload: token}); err != nil {
		raw.Close()
		return nil, Transient(fmt.Errorf("greet the host: %w", err))
	}
	return c, nil
}

// Write sends a frame; it is safe for concurrent use.
func (c *connection) write(f *frame.Frame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.writer.Write(f)
}

// read returns the next frame from the host.
func (c *connection) read() (*frame.Frame, error) {
	f, err := c.reader.Read()
	if err == nil {
		return f, nil
	}
	if c.quiet.Load() {
		return nil, net.ErrClosed
	}
	return nil, fmt.Errorf("%w (%w)", errHostGone, err)
}

// fail tells the host what ended the plugin.
func (c *connection) fail(err error) {
	b, merr := proto.Marshal(failureToProto(err))
	if merr != nil {
		b = nil
	}
	// A host that cannot be told sees the socket close.
	_ = c.write(&frame.Frame{Header: frame.Header{Type: frame.Fail}, Payload: b})
}

// stopping makes a pending read return, and later ones fail, without alarm.
func (c *connection) stopping() {
	c.quiet.Store(true)
	if u, ok := c.net.(*net.UnixConn); ok {
		_ = u.CloseRead()
	}
}
