// Package measure runs one contender on one workload and says what it took. What
// arrives is counted at the broker, and what is used is read from the system; the
// program under test is asked nothing.
//
// Start reading at Bench, then Throughput and Latency.
package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/leat-io/leat/e2e/bench/internal/broker"
	"github.com/leat-io/leat/e2e/bench/internal/contender"
	"github.com/leat-io/leat/e2e/bench/internal/load"
	"github.com/leat-io/leat/e2e/bench/internal/proc"
)

const (
	// pollEvery is the resolution of times that are counted at the broker.
	pollEvery = 20 * time.Millisecond
	// markEvery is how often a row is written until a contender shows that it captures.
	markEvery = 500 * time.Millisecond
	// stall is how long a contender may bring nothing new before it has failed.
	stall = 2 * time.Minute
	// settle is how long records are waited for that must not come.
	settle = time.Second
)

// Bench is what all measurements share.
type Bench struct {
	Lab    *contender.Lab
	Broker *broker.Broker
	// Dir is for the folders of the runs.
	Dir string
	// Profiles is where leat's processes leave their profiles, a folder a workload;
	// empty for none.
	Profiles string
	// Versions are those of the contenders that have run.
	Versions map[string]string
}

// topics is what all topics of a contender begin with, and topic the captured table's.
func topics(c contender.Contender) string { return c.Name() + "." }

func topic(c contender.Contender, w *load.Workload) string { return topicOf(c, w, load.Table) }

func topicOf(c contender.Contender, w *load.Workload, table string) string {
	return topics(c) + w.Database() + "." + table
}

// task makes the folder of a run, with the state from an earlier one if from is not empty.
func (b *Bench) task(w *load.Workload, name, from string) (contender.Task, error) {
	t := contender.Task{
		Dir: filepath.Join(b.Dir, w.Name, name), Database: w.Database(), Snapshot: w.Snapshot,
	}
	if b.Profiles != "" {
		t.Profiles = filepath.Join(b.Profiles, w.Name)
	}
	err := os.RemoveAll(t.Dir)
	if err == nil {
		err = os.MkdirAll(t.Dir, 0o750)
	}
	if err == nil && from != "" {
		err = os.CopyFS(t.Dir, os.DirFS(filepath.Join(b.Dir, w.Name, from)))
	}
	if err != nil {
		return t, fmt.Errorf("make folder of %s: %w", name, err)
	}
	return t, nil
}

// clear has the contender's topics of this workload anew and empty.
func (b *Bench) clear(ctx context.Context, c contender.Contender, w *load.Workload) error {
	if err := b.Broker.Clear(ctx, topics(c)); err != nil {
		return err
	}
	for _, table := range []string{load.Table, load.Marker} {
		if err := b.Broker.Create(ctx, topicOf(c, w, table)); err != nil {
			return err
		}
	}
	return nil
}

// primed is the folder with the state of a contender that has been primed.
func primed(c contender.Contender) string { return c.Name() + "-primed" }

// Prime lets a contender store a position before the workload is written.
func (b *Bench) Prime(ctx context.Context, c contender.Contender, w *load.Workload) error {
	t, err := b.task(w, primed(c), "")
	if err != nil {
		return err
	}
	t.Profiles = ""
	if err := b.clear(ctx, c, w); err != nil {
		return err
	}
	run, err := c.Start(ctx, t)
	if err != nil {
		return fmt.Errorf("prime %s: %w", c.Name(), err)
	}
	mark := func() error { return w.Mark(ctx, b.Lab.MySQL) }
	arrived := func() (bool, error) {
		n, err := b.Broker.Count(ctx, topicOf(c, w, load.Marker))
		return n > 0, err
	}
	err = b.until(ctx, run, mark, arrived)
	if err = errors.Join(err, run.Stop(ctx)); err != nil {
		return fmt.Errorf("prime %s: %w; the end of its log:\n%s", c.Name(), err, run.Log())
	}
	return nil
}

// until repeats mark, slowly, until arrived, and fails if the contender has.
func (b *Bench) until(ctx context.Context, run contender.Run, mark func() error, arrived func() (bool, error)) error {
	for deadline := time.Now().Add(stall); ; {
		if err := errors.Join(mark(), run.Failure(ctx)); err != nil {
			return err
		}
		for next := time.Now().Add(markEvery); time.Now().Before(next); {
			if done, err := arrived(); done || err != nil {
				return err
			}
			if err := pause(ctx); err != nil {
				return err
			}
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no row has arrived within %v", stall)
		}
	}
}

// version notes what runs, once for each contender.
func (b *Bench) version(ctx context.Context, c contender.Contender, run contender.Run) error {
	if b.Versions[c.Name()] != "" {
		return nil
	}
	v, err := run.Version(ctx)
	if err != nil {
		return err
	}
	b.Versions[c.Name()] = v
	return nil
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pollEvery):
		return nil
	}
}

func seconds(m map[string]time.Duration) map[string]float64 {
	out := map[string]float64{}
	for name, d := range m {
		out[name] = d.Seconds()
	}
	return out
}

// failed completes the error of a run that has gone wrong.
func failed(c contender.Contender, w *load.Workload, run contender.Run, err error) error {
	if errors.Is(err, proc.ErrEnded) {
		err = fmt.Errorf("it ended by itself: %w", err)
	}
	return fmt.Errorf("measure %s of %s: %w; the end of its log:\n%s", w.Name, c.Name(), err, run.Log())
}
