package run

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

const patience = 90 * time.Second

// Run has both contenders capture a case, and returns what Debezium and what leat made of it.
// An error says that the case could not be run; that a contender stopped is part of its outcome.
func (l *Lab) Run(ctx context.Context, c *sqlcase.Case) (debezium, leat Outcome, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	number := l.count.Add(1)
	r := &caseRun{
		lab: l, c: c, number: number, tag: fmt.Sprintf("%sx%d", l.run, number),
		databases: []string{c.Database}, marks: fmt.Sprintf("marks_%s_%d", l.run, number),
	}
	if c.Snapshot != nil {
		r.databases = append(r.databases, c.Database+"_snapshot")
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.prepare(ctx); err != nil {
		return Outcome{}, Outcome{}, err
	}
	if err := r.capture(ctx); err != nil {
		return Outcome{}, Outcome{}, err
	}
	// A topic that is still being made can lag behind the marks.
	if err := r.stop(ctx); err != nil {
		return Outcome{}, Outcome{}, err
	}
	if debezium, err = r.outcome(ctx, r.contenders[0]); err != nil {
		return Outcome{}, Outcome{}, err
	}
	leat, err = r.outcome(ctx, r.contenders[1])
	return debezium, leat, err
}

// caseRun is one case while it runs.
type caseRun struct {
	lab        *Lab
	c          *sqlcase.Case
	number     uint32
	tag        string
	databases  []string
	marks      string
	stopped    bool
	conn       *client.Conn
	marker     *marker
	contenders [2]*contender
	failures   [2]error
}

// prepare makes the databases, runs what comes before the contenders, and starts them.
func (r *caseRun) prepare(ctx context.Context) error {
	var err error
	if r.conn, err = r.lab.MySQL.DB(ctx); err != nil {
		return err
	}
	if r.marker, err = newMarker(r.conn, r.marks); err != nil {
		return err
	}
	for _, database := range r.databases {
		if err := r.execute("DROP DATABASE IF EXISTS "+quoted(database), "CREATE DATABASE "+quoted(database)); err != nil {
			return err
		}
	}
	if err := r.statements(ctx, r.databases[0], r.c.Before); err != nil {
		return err
	}
	if r.c.Snapshot != nil {
		if err := r.statements(ctx, r.databases[1], r.c.Snapshot); err != nil {
			return err
		}
	}
	captured := append([]string{r.marks}, r.databases...)
	if r.contenders[0], err = r.lab.debezium(ctx, r.c, "dbz"+r.tag, captured, r.number); err != nil {
		return err
	}
	r.contenders[1], err = r.lab.leat(r.c, "leat"+r.tag, captured)
	return err
}

// capture waits until both stream, runs the rest, and waits until both have sent all of it.
func (r *caseRun) capture(ctx context.Context) error {
	streaming := make(chan struct{})
	var g errgroup.Group
	g.Go(func() error { return r.marker.until(ctx, streaming) })
	waited := r.awaitAll(ctx, func(seen map[int64]bool) bool { return len(seen) > 0 })
	close(streaming)
	if err := errors.Join(waited, g.Wait()); err != nil {
		return err
	}
	if err := r.statements(ctx, r.databases[0], r.c.Stream); err != nil {
		return err
	}
	// Records of other topics can be behind the first mark on their way to the broker, not behind
	// one that was written when the first had arrived.
	for range 2 {
		last, err := r.marker.write()
		if err != nil {
			return err
		}
		if err := r.awaitAll(ctx, func(seen map[int64]bool) bool { return seen[last] }); err != nil {
			return err
		}
	}
	return nil
}

// awaitAll waits for those contenders that have not stopped.
func (r *caseRun) awaitAll(ctx context.Context, wanted func(map[int64]bool) bool) error {
	var g errgroup.Group
	for i, c := range r.contenders {
		if r.failures[i] != nil {
			continue
		}
		g.Go(func() error {
			err := c.await(ctx, r.marks, wanted)
			if errors.Is(err, ErrStopped) || errors.Is(err, context.DeadlineExceeded) {
				r.failures[i] = err
				return nil
			}
			return err
		})
	}
	return g.Wait()
}

func (r *caseRun) outcome(ctx context.Context, c *contender) (Outcome, error) {
	out := Outcome{Failure: r.failures[0]}
	if c == r.contenders[1] {
		out.Failure = r.failures[1]
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience/3)
	defer cancel()
	if err := c.CatchUp(ctx); err != nil {
		return out, err
	}
	var err error
	out.Side, err = c.Side(ctx, func(topic string) bool { return strings.HasPrefix(topic, r.marks+".") })
	return out, err
}

// stop ends both contenders, even if ctx has ended.
func (r *caseRun) stop(ctx context.Context) error {
	if r.stopped {
		return nil
	}
	r.stopped = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var g errgroup.Group
	for _, c := range r.contenders {
		if c != nil {
			g.Go(func() error { return c.stop(ctx) })
		}
	}
	return g.Wait()
}

// close ends what was started and drops the databases.
func (r *caseRun) close() error {
	errs := []error{r.stop(context.Background())}
	for _, c := range r.contenders {
		if c != nil {
			c.Close()
		}
	}
	if r.conn == nil {
		return errors.Join(errs...)
	}
	for _, database := range append(r.databases, r.marks) {
		errs = append(errs, r.execute("DROP DATABASE IF EXISTS "+quoted(database)))
	}
	return errors.Join(append(errs, r.conn.Close())...)
}

// statements runs statements of the case in one database, in a session of their own.
func (r *caseRun) statements(ctx context.Context, database string, statements []string) error {
	conn, err := r.lab.MySQL.DB(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, s := range append([]string{"SET NAMES utf8mb4", "USE " + quoted(database)}, statements...) {
		s = strings.ReplaceAll(s, "{db}", quoted(database))
		if _, err := conn.Execute(s); err != nil && !r.c.Lenient {
			return fmt.Errorf("execute %q: %w", s, err)
		}
	}
	return nil
}

func (r *caseRun) execute(statements ...string) error {
	for _, s := range statements {
		if _, err := r.conn.Execute(s); err != nil {
			return fmt.Errorf("execute %q: %w", s, err)
		}
	}
	return nil
}

func quoted(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
