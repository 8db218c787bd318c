package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/differential/internal/judge"
	"github.com/leat-io/leat/e2e/differential/internal/run"
	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

//go:embed cases/*.sql
var caseFiles embed.FS

// options are the flags.
type options struct {
	pattern          string
	parallel         int
	seed, rounds     uint64
	verbose, servers bool
}

// chooseDefaults judges all fixed cases, unless random ones are asked for and no pattern is given.
func (o *options) chooseDefaults() {
	const usualRounds, largestSeed = 10, 1_000_000
	random := o.seed != 0 || o.rounds != 0
	if o.pattern == "" && !random {
		o.pattern = "*"
	}
	if random && o.seed == 0 {
		o.seed = 1 + rand.Uint64N(largestSeed)
	}
	if random && o.rounds == 0 {
		o.rounds = usualRounds
	}
}

// run returns the number of cases with differences.
func (o options) run(ctx context.Context) (different int, err error) {
	o.chooseDefaults()
	cases, err := o.cases()
	if err != nil {
		return 0, err
	}
	root, err := findRoot()
	if err != nil {
		return 0, err
	}
	j, err := newJudge(root)
	if err != nil {
		return 0, err
	}
	if err := useKept(); err != nil {
		return 0, err
	}
	lab, err := run.NewLab(ctx, root)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, lab.Close()) }()
	if o.servers {
		return 0, keep(ctx, lab)
	}
	report := &report{verbose: o.verbose}
	o.judgeAll(cases, func(c *sqlcase.Case) { report.add(judged(ctx, lab, j, c)) })
	o.random(ctx, lab, j, report)
	return report.different, report.total()
}

// judgeAll runs cases side by side, and after them, one by one, those at which Debezium stops:
// every connector that runs reads their statements and stops too.
func (o options) judgeAll(cases []*sqlcase.Case, one func(*sqlcase.Case)) {
	var g errgroup.Group
	g.SetLimit(o.parallel)
	for _, c := range cases {
		if c.Fails == "" {
			g.Go(func() error { one(c); return nil })
		}
	}
	_ = g.Wait() // a case reports its own errors
	for _, c := range cases {
		if c.Fails != "" {
			one(c)
		}
	}
}

// newJudge reads what may differ.
func newJudge(root string) (*judge.Judge, error) {
	volatile, err := judge.ReadVolatile()
	if err != nil {
		return nil, err
	}
	table, err := os.ReadFile(filepath.Join(root, "docs", "differences.md"))
	if err != nil {
		return nil, fmt.Errorf("read table of differences: %w", err)
	}
	rules, err := judge.ReadTable(string(table), judge.Rules())
	return &judge.Judge{Volatile: volatile, Rules: rules}, err
}

// judged runs one case.
func judged(ctx context.Context, lab *run.Lab, j *judge.Judge, c *sqlcase.Case) verdict {
	start := time.Now()
	debezium, leat, err := lab.Run(ctx, c)
	v := verdict{c: c, err: err, debezium: debezium.Failure, leat: leat.Failure}
	if err == nil {
		v.differences = j.Compare(debezium.Side, leat.Side, c.Differs...)
		v.records = debezium.Side.Records()
	}
	v.took = time.Since(start)
	return v
}

// cases returns those that the pattern names.
func (o options) cases() ([]*sqlcase.Case, error) {
	if o.pattern == "" {
		return nil, nil
	}
	dir, err := fs.Sub(caseFiles, "cases")
	if err != nil {
		return nil, err
	}
	all, err := sqlcase.Load(dir)
	if err != nil {
		return nil, err
	}
	var out []*sqlcase.Case
	for _, c := range all {
		matches, err := path.Match(o.pattern, c.Name)
		if err != nil {
			return nil, fmt.Errorf("read -case %q: %w", o.pattern, err)
		}
		if matches {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no case is named %q: see e2e/differential/cases", o.pattern)
	}
	return out, nil
}

// findRoot returns the clone that the working directory is in.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find clone: %w", err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("find clone: no go.mod above the working directory: run from a clone of leat")
}
