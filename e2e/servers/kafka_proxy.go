package servers

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
)

// KafkaProxy stands between a broker and its clients, and can hold the requests
// to produce that pass, whatever becomes of the client. Give Advertise to the
// broker, and Target once that runs.
type KafkaProxy struct {
	listener net.Listener
	target   string

	mu      sync.Mutex
	held    chan struct{} // closed to release; nil while nothing is held
	waiting int
	conns   []net.Conn
}

// NewKafkaProxy listens on a free port.
func NewKafkaProxy() (*KafkaProxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for kafka's clients: %w", err)
	}
	return &KafkaProxy{listener: l}, nil
}

// Advertise is the line of server.properties that leads clients to the proxy.
func (p *KafkaProxy) Advertise() string {
	return "advertised.listeners=PLAINTEXT://" + p.listener.Addr().String()
}

// Target begins to pass connections on to the broker.
func (p *KafkaProxy) Target(broker string) {
	p.target = broker
	go p.accept()
}

// Hold keeps the requests to produce that come from now on, each with all that
// its connection sends after it.
func (p *KafkaProxy) Hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = make(chan struct{})
}

// Pass lets through what comes from now on, but not what is held.
func (p *KafkaProxy) Pass() (release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	held := p.held
	p.held = nil
	return sync.OnceFunc(func() { close(held) })
}

// Held returns how many requests are held.
func (p *KafkaProxy) Held() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting
}

// Close ends the proxy and its connections. What is held is to be released before.
func (p *KafkaProxy) Close() error {
	err := p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	return err
}

func (p *KafkaProxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		broker, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, broker)
		p.mu.Unlock()
		go p.requests(client, broker)
		go func() {
			_, _ = io.Copy(client, broker)
			_ = client.Close()
		}()
	}
}

// requests passes requests on, one by one. The broker's side is closed only
// after the last one.
func (p *KafkaProxy) requests(client, broker net.Conn) {
	defer broker.Close()
	var head [6]byte // length and key of the API
	for {
		if _, err := io.ReadFull(client, head[:]); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[:])-2)
		if _, err := io.ReadFull(client, body); err != nil {
			return
		}
		if binary.BigEndian.Uint16(head[4:]) == 0 {
			p.wait()
		}
		if _, err := broker.Write(append(head[:], body...)); err != nil {
			return
		}
	}
}

func (p *KafkaProxy) wait() {
	p.mu.Lock()
	held := p.held
	if held == nil {
		p.mu.Unlock()
		return
	}
	p.waiting++
	p.mu.Unlock()
	<-held
	p.mu.Lock()
	p.waiting--
	p.mu.Unlock()
}
