package flow

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// ErrGone means that a plugin's data socket closed: its process has ended.
var ErrGone = errors.New("plugin is gone")

// Conn is the host's end of a plugin's data socket, its token checked.
type Conn struct {
	net.Conn
	Reader *frame.Reader
}

// Link is the connection to one process of a plugin.
type Link struct {
	stage Stage
	flow  *Flow
	conn  *Conn

	mu     sync.Mutex
	wake   *sync.Cond
	queue  []*frame.Frame
	closed bool
	err    error
	ended  sync.WaitGroup
}

func newLink(f *Flow, stage Stage, conn *Conn) *Link {
	l := &Link{stage: stage, flow: f, conn: conn}
	l.wake = sync.NewCond(&l.mu)
	return l
}

func (l *Link) start() {
	l.ended.Add(2)
	go l.run(l.readLoop)
	go l.run(l.writeLoop)
}

// run runs a loop of the link. A panic ends the link as an error does.
func (l *Link) run(loop func()) {
	defer l.ended.Done()
	if err := contain.Call(func() error { loop(); return nil }); err != nil {
		l.end(err)
	}
}

// Wait returns what ended the link, once nothing of it is running any more:
// a *Failure, ErrProtocol, ErrGone, a *contain.Panic, or nil after Close.
func (l *Link) Wait() error {
	l.ended.Wait()
	l.flow.detach(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Close ends the link without an error.
func (l *Link) Close() { l.end(nil) }

// end closes the connection; the first error is kept.
func (l *Link) end(err error) {
	l.mu.Lock()
	if !l.closed {
		l.closed, l.err = true, err
	}
	queue := l.queue
	l.queue = nil
	l.wake.Signal()
	l.mu.Unlock()
	l.conn.Close()
	l.flow.wakeSource()
	for _, f := range queue {
		f.Release()
	}
}

// push queues a frame. What is queued is bounded by the bytes in flight.
func (l *Link) push(f *frame.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	f.Retain()
	l.queue = append(l.queue, f)
	l.wake.Signal()
}

func (l *Link) pop() ([]*frame.Frame, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 && !l.closed {
		l.wake.Wait()
	}
	frames := l.queue
	l.queue = nil
	return frames, !l.closed
}

func (l *Link) writeLoop() {
	w := frame.NewWriter(l.conn)
	for {
		frames, ok := l.pop()
		if !ok {
			return
		}
		var err error
		for _, f := range frames {
			if err == nil {
				err = w.Write(f)
			}
			f.Release()
		}
		if errors.Is(err, frame.ErrTooLarge) {
			l.end(violation("%v", err))
		}
		if err != nil {
			// What the plugin said before it closed is still to be read.
			return
		}
	}
}

func (l *Link) readLoop() {
	for {
		if l.stage < FirstSink {
			l.flow.waitForSpace(l)
		}
		f, err := l.conn.Reader.Read()
		if err != nil {
			l.end(readError(err))
			return
		}
		if f.Type == frame.Fail {
			l.end(failure(f))
			return
		}
		if err := l.flow.receive(l.stage, f); err != nil {
			l.end(err)
			return
		}
	}
}

func readError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return ErrGone
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return fmt.Errorf("%w: %w", ErrGone, err)
	}
	return violation("%v", err)
}

func failure(f *frame.Frame) error {
	defer f.Release()
	var msg leatv1.Failure
	if err := proto.Unmarshal(f.Payload, &msg); err != nil {
		return violation("fail frame: %v", err)
	}
	return NewFailure(&msg)
}

// isClosed says whether the link has ended.
func (l *Link) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}
