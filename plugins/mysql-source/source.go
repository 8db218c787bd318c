package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/health"
	"github.com/leat-io/leat/plugins/mysql-source/internal/history"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/monitor"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/resume"
	"github.com/leat-io/leat/plugins/mysql-source/internal/scope"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/snapshot"
	"github.com/leat-io/leat/plugins/mysql-source/internal/stream"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
	"github.com/leat-io/leat/sdk"
)

// Source reads one server for all sinks of a pipeline.
type Source struct {
	config  Config
	env     sdk.Env
	filter  *filter.Filter
	servers scope.Servers
	ignore  func(gtid.UUID) bool
	meter   *meter.Meter
	server  *server.Settings
	replica binlog.Replica
	health  *health.Health
	monitor *monitor.Monitor // from Open to Close
	asks    time.Duration    // how often it asks

	facts  *server.Facts
	sinks  resume.Sinks
	marks  *unequal.Set
	hidden kept              // from being captured
	left   []sdk.StateChange // of tables that the filter leaves out, or takes again
}

var (
	_ sdk.Snapshotter   = (*Source)(nil)
	_ sdk.Noticer       = (*Source)(nil)
	_ sdk.HealthChecker = (*Source)(nil)
)

// New makes a source from a configuration that is valid.
func New(c Config, env sdk.Env) (sdk.Source, error) {
	s := &Source{config: c, env: env, health: health.New(), asks: monitor.Every}
	var err error
	if s.filter, err = c.filter(); err != nil {
		return nil, sdk.Permanent(err)
	}
	if s.servers, err = c.GTID.servers(); err != nil {
		return nil, sdk.Permanent(err)
	}
	s.ignore = s.servers.Ignore()
	s.server = c.server()
	if s.meter, err = meter.New(env.Metrics); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	s.replica = binlog.Replica{ID: c.ServerID, Name: env.Pipeline, Host: "leat " + env.Pipeline, Heartbeat: c.Heartbeat}
	if s.replica.ID == 0 {
		s.replica.ID = derivedID(env.Pipeline)
	}
	return s, nil
}

func (c Config) server() *server.Settings {
	return &server.Settings{
		Host: c.Host, Port: c.Port, User: c.User, Password: c.Password, TLS: c.TLS, Timeout: c.ConnectTimeout,
	}
}

// derivedID gives each pipeline a number of its own, far from those that people
// choose.
func derivedID(pipeline string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(pipeline)) // a hash never fails
	return 1<<31 | h.Sum32()
}

// Open finds out what the server is, and where the sinks stand.
func (s *Source) Open(ctx context.Context, r sdk.Resume) error {
	if err := s.take(r); err != nil {
		return err
	}
	conn, err := s.server.Connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	if s.facts, err = conn.Facts(); err != nil {
		return err
	}
	s.replica.MariaDB = s.facts.MariaDB
	if err := s.recognise(ctx, conn); err != nil {
		return err
	}
	s.lookForHidden(conn, s.facts)
	s.startMonitor(ctx)
	return nil
}

// take reads the checkpoints.
func (s *Source) take(r sdk.Resume) error {
	var err error
	if s.sinks, err = resume.Parse(r); err != nil {
		return err
	}
	s.marks = unequal.New(s.sinks.Names())
	return s.loadMarks()
}

// recognise makes sure that the log is the one that the sinks' positions are of,
// before anything is read.
func (s *Source) recognise(ctx context.Context, conn *server.Conn) error {
	for i := range s.sinks {
		if err := s.judgeLog(ctx, conn, i); err != nil {
			return fmt.Errorf("resume sink %s: %w", s.sinks[i].Name, stream.Refusal(err))
		}
	}
	return s.checkFilter(conn)
}

// judgeLog makes sure of it for one sink, if that has a position.
func (s *Source) judgeLog(ctx context.Context, conn *server.Conn, i int) error {
	if s.sinks[i].Fresh && !s.sinks[i].Done.Named() {
		return nil
	}
	from := s.from(i)
	verdict, err := s.log(conn).Judge(ctx, from)
	if err != nil || s.sinks[i].Fresh { // a snapshot has no newer transactions yet
		return err
	}
	newly, err := s.servers.Newly(s.sinks[i].State)
	if err != nil {
		return sdk.Permanent(err)
	}
	return s.log(conn).Order(ctx, from, verdict, newly)
}

func (s *Source) log(conn *server.Conn) *history.Server {
	return &history.Server{Settings: s.server, Ignore: s.ignore, Conn: conn, Facts: s.facts}
}

// loadMarks takes the marks of all sinks from their state. Those of a sink whose
// snapshot was taken just now are gone.
func (s *Source) loadMarks() error {
	for i := range s.sinks {
		if err := s.marks.Load(i, s.sinks[i].State); err != nil {
			return sdk.Permanent(fmt.Errorf("sink %s: %w", s.sinks[i].Name, err))
		}
	}
	return nil
}

// from is where a sink resumes, as far as the server can be asked for it.
func (s *Source) from(i int) position.Position {
	from := s.sinks[i].Done
	if !s.facts.ByGTID {
		from.GTID = nil
	}
	return from
}

// Snapshot copies the tables for the sinks that have no checkpoint.
func (s *Source) Snapshot(ctx context.Context, w *sdk.Writer) error {
	err := s.snapshot(ctx, w)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// snapshot copies for all sinks that are fresh, those with a snapshot that was
// not finished included.
func (s *Source) snapshot(ctx context.Context, w stream.Writer) error {
	fresh := s.sinks.Fresh()
	if fresh == 0 {
		return nil
	}
	if err := w.Direct(fresh); err != nil {
		return err
	}
	epoch := s.sinks.Epoch(s.facts.UUID, time.Now())
	begun, err := s.sinks.Begun()
	if err != nil {
		return err
	}
	result, err := snapshot.Run(ctx, snapshot.Settings{
		Server: s.server, Filter: s.filter, Logger: s.env.Logger, Meter: s.meter, Health: s.health,
		LockTimeout: s.config.Snapshot.LockTimeout, NoData: s.config.Snapshot.Mode == "no_data",
		Epoch: epoch, Stale: s.sinks.StateKeys(fresh), Begun: begun, Log: s.log, Marks: s.scopeMarks(),
	}, w)
	if err != nil {
		return err
	}
	s.sinks.Finish(result.At, result.State, epoch)
	return w.Direct(s.sinks.All())
}

// Read streams from where the earliest sink stands.
func (s *Source) Read(ctx context.Context, w *sdk.Writer) error { return s.read(ctx, w) }

func (s *Source) read(ctx context.Context, w stream.Writer) error {
	err := s.snapshot(ctx, w)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	start, err := s.start()
	if err != nil {
		return err
	}
	if err := s.markFilter(w); err != nil {
		return err
	}
	return stream.New(stream.Settings{
		Server: s.server, Replica: s.replica, Filter: s.filter, Logger: s.env.Logger, Meter: s.meter,
		Ignore: s.ignore, Query: s.config.IncludeQuery, Truncate: stream.Truncate(s.config.Truncate),
		Silence: 3*s.config.Heartbeat + 10*time.Second, Health: s.health, Connected: s.lookAgain,
		WatchEvery: min(10*s.config.Heartbeat, 10*time.Second),
	}, *start, w).Run(ctx)
}

func (s *Source) start() (*stream.Start, error) {
	plan, err := s.sinks.Plan(s.facts.ByGTID)
	if err != nil {
		return nil, err
	}
	defs := definitions.New(definitions.Defaults{Database: s.facts.Defaults(), FoldNames: s.facts.FoldsNames()}, s.filter.Table)
	if err := defs.Load(plan.State); err != nil {
		return nil, sdk.Permanent(err)
	}
	if err := errors.Join(s.loadMarks(), s.marks.LoadGone(plan.State), s.marks.LoadColumns(plan.State)); err != nil {
		return nil, sdk.Permanent(err)
	}
	newly, err := s.newlyTaken()
	if err != nil {
		return nil, err
	}
	return &stream.Start{
		Newly:       newly,
		Facts:       s.facts,
		Definitions: defs,
		Unequal:     s.marks,
		Epoch:       s.sinks.Epoch(s.facts.UUID, time.Now()),
		Known:       plan.Known,
		Machine: transaction.New(transaction.Start{
			Server: cmp.Or(plan.From.Server, s.facts.UUID), Executed: plan.From.GTID, Place: plan.From.Place,
			Created: plan.From.Created, Anchor: plan.From.Anchor,
			Sinks: s.sinks.Progress(), Ignore: s.ignore,
		}),
	}, nil
}

// Health says what the source waits for.
func (s *Source) Health() error { return s.health.Err() }

// Close ends what Open began; other connections end with what opened them.
func (s *Source) Close(context.Context) error {
	if s.monitor != nil {
		s.monitor.Stop()
	}
	return nil
}
