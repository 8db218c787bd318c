package monitor

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

const (
	// Every is how often the server is asked.
	Every = 10 * time.Second
	// askTimeout bounds all questions of one time.
	askTimeout = 30 * time.Second
)

// Settings say whom to ask.
type Settings struct {
	Server *server.Settings
	// Ignore says of which servers transactions are left out; nil of none.
	Ignore func(gtid.UUID) bool
	Logger *slog.Logger
	// Meter knows what was read, and shows how much was not.
	Meter *meter.Meter
	// Every is how often the server is asked.
	Every time.Duration
}

// Sink is how far a sink has come.
type Sink struct {
	Name string
	// At is the position that it has made durable.
	At position.Position
}

// Monitor asks until it is stopped. Its methods are safe for concurrent use.
type Monitor struct {
	Settings
	cancel context.CancelFunc
	ended  chan struct{}

	// Of the goroutine.
	conn  *server.Conn
	facts *server.Facts
	files files
	start domains
	level level
	since time.Time // when it was fine last

	mu     sync.Mutex
	sinks  []Sink
	unread *uint64
	keep   *keep
}

// Start makes a monitor that asks at once.
func Start(ctx context.Context, s Settings, sinks []Sink) *Monitor {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	m := &Monitor{Settings: s, cancel: cancel, ended: make(chan struct{}), sinks: sinks}
	go m.run(ctx)
	return m
}

// Stop ends it.
func (m *Monitor) Stop() {
	m.cancel()
	<-m.ended
}

// Durable says how far the sinks have come.
func (m *Monitor) Durable(sinks []Sink) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sinks = sinks
}

// Report adds to a source's progress what the server was asked for.
func (m *Monitor) Report(p *sdk.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.TransactionsBehind = m.unread
	if m.keep != nil {
		p.RetentionReason = m.keep.reason
		if left, known := m.keep.left(time.Now()); known {
			p.Retention = &left
		}
	}
}

func (m *Monitor) run(ctx context.Context) {
	defer close(m.ended)
	defer m.hangUp()
	tick := time.NewTicker(m.Every)
	defer tick.Stop()
	for {
		if err := m.look(ctx); err != nil && ctx.Err() == nil {
			m.Logger.Debug("cannot ask the server how far its log is ahead", "error", err)
			m.hangUp()
			m.showBehind(nil, meter.Behind{})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look asks everything once.
func (m *Monitor) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := m.connect(ctx); err != nil {
		return err
	}
	defer m.conn.Bind(ctx)()
	read := m.Meter.Tail() // before the server is asked, so that what comes meanwhile counts
	tail, err := m.conn.Tail(m.facts)
	if err != nil {
		return err
	}
	sinks := m.durable()
	listed := m.files.refresh(m.conn, tail, wanted(sinks, read), m.Every)
	if err := m.askBehind(read, tail, sinks); err != nil {
		return err
	}
	if server.Answered(listed) { // what can be told without the list is told
		m.Logger.Debug("cannot list the server's log files", "error", listed)
		m.showKeep(nil)
		return nil
	}
	if listed != nil {
		return listed
	}
	return m.askKeep(ctx, tail, sinks)
}

func (m *Monitor) durable() []Sink {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sinks
}

// connect makes a connection unless there is one. What is known of the log is
// forgotten when another server answers.
func (m *Monitor) connect(ctx context.Context) error {
	if m.conn != nil {
		return nil
	}
	conn, err := m.Server.Connect(ctx)
	if err != nil {
		return err
	}
	stop := conn.Bind(ctx)
	facts, err := conn.Facts()
	stop()
	if err != nil {
		_ = conn.Close()
		return err
	}
	if m.facts == nil || m.facts.UUID != facts.UUID {
		m.files, m.start = files{}, domains{}
	}
	m.conn, m.facts = conn, facts
	return nil
}

func (m *Monitor) hangUp() {
	if m.conn != nil {
		_ = m.conn.Close()
		m.conn = nil
	}
}

// takes says whether transactions of a server are taken, not left out.
func (m *Monitor) takes(u gtid.UUID) bool { return m.Ignore == nil || !m.Ignore(u) }
