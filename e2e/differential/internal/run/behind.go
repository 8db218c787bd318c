package run

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

// behindPatience bounds all cases of one call of Behind together.
const behindPatience = 10 * time.Minute

// Behind has leat capture cases twice, all at once: beside the statements, and when the last of
// them is long done, from the log that they left. The cases must have the same options for leat.
func (l *Lab) Behind(ctx context.Context, cases []*sqlcase.Case) (beside, behind Outcome, err error) {
	ctx, cancel := context.WithTimeout(ctx, behindPatience)
	defer cancel()
	number := l.count.Add(1)
	b := &behindRun{caseRun: caseRun{
		lab: l, c: &sqlcase.Case{Leat: cases[0].Leat}, number: number, tag: fmt.Sprintf("%sx%d", l.run, number),
		marks: fmt.Sprintf("marks_%s_%d", l.run, number),
	}, cases: cases}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.prepare(ctx); err != nil {
		return Outcome{}, Outcome{}, err
	}
	if err := b.capture(ctx); err != nil {
		return Outcome{}, Outcome{}, err
	}
	if err := b.stop(ctx); err != nil {
		return Outcome{}, Outcome{}, err
	}
	if beside, err = b.outcome(ctx, b.contenders[0]); err != nil {
		return Outcome{}, Outcome{}, err
	}
	behind, err = b.outcome(ctx, b.contenders[1])
	return beside, behind, err
}

// behindRun is a run of many cases in one log: the first contender is beside, the second behind.
type behindRun struct {
	caseRun
	cases []*sqlcase.Case
	late  *pipeline
}

// prepare makes the databases, and starts both pipelines.
func (b *behindRun) prepare(ctx context.Context) error {
	var err error
	if b.conn, err = b.lab.MySQL.DB(ctx); err != nil {
		return err
	}
	if b.marker, err = newMarker(b.conn, b.marks); err != nil {
		return err
	}
	for _, c := range b.cases {
		b.databases = append(b.databases, c.Database)
		if err := b.execute("DROP DATABASE IF EXISTS "+quoted(c.Database), "CREATE DATABASE "+quoted(c.Database)); err != nil {
			return err
		}
		if err := b.statements(ctx, c.Database, c.Before); err != nil {
			return fmt.Errorf("case %s: %w", c.Name, err)
		}
	}
	captured := append([]string{b.marks}, b.databases...)
	early, err := b.lab.newPipeline(b.c, "beside"+b.tag, captured)
	if err != nil {
		return err
	}
	b.contenders[0] = early.contender("beside")
	if b.late, err = b.lab.newPipeline(b.c, "behind"+b.tag, captured); err != nil {
		return err
	}
	b.contenders[1] = b.late.contender("behind")
	return errors.Join(early.start(), b.late.start())
}

// capture waits until both stream, and stops the second while the statements run.
func (b *behindRun) capture(ctx context.Context) error {
	streaming := make(chan struct{})
	var g errgroup.Group
	g.Go(func() error { return b.marker.until(ctx, streaming) })
	waited := b.awaitAll(ctx, func(seen map[int64]bool) bool { return len(seen) > 0 })
	close(streaming)
	if err := errors.Join(waited, g.Wait()); err != nil {
		return err
	}
	b.late.halt(ctx)
	for _, c := range b.cases {
		if err := b.statements(ctx, c.Database, c.Stream); err != nil {
			return fmt.Errorf("case %s: %w", c.Name, err)
		}
	}
	last, err := b.marker.write()
	if err != nil {
		return err
	}
	if err := b.late.start(); err != nil {
		return err
	}
	return b.awaitAll(ctx, func(seen map[int64]bool) bool { return seen[last] })
}

// Alike groups cases by their options for leat.
func Alike(cases []*sqlcase.Case) [][]*sqlcase.Case {
	var out [][]*sqlcase.Case
	at := map[string]int{}
	for _, c := range cases {
		options := strings.Join(c.Leat, "\n")
		i, ok := at[options]
		if !ok {
			i = len(out)
			at[options], out = i, append(out, nil)
		}
		out[i] = append(out[i], c)
	}
	return out
}
