package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/generate"
	"github.com/leat-io/leat/e2e/differential/internal/judge"
	"github.com/leat-io/leat/e2e/differential/internal/run"
	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

// mostShrinks bounds how often a case that fails is run again to cut it down.
const mostShrinks = 60

// random judges cases made at random, after those of files.
func (o options) random(ctx context.Context, lab *run.Lab, j *judge.Judge, report *report) {
	if o.rounds == 0 {
		return
	}
	fmt.Printf("%d random rounds; to run them again: make differential SEED=%d ROUNDS=%d\n", o.rounds, o.seed, o.rounds)
	var cases []*sqlcase.Case
	for number := range o.rounds {
		cases = append(cases, generate.Round(o.seed, number))
	}
	o.judgeAll(cases, func(c *sqlcase.Case) {
		v := judged(ctx, lab, j, c)
		if v.word() == wordDifferent && v.err == nil {
			v = shrunk(ctx, lab, j, v)
		}
		report.add(v)
	})
}

// shrunk cuts a case down, and returns the verdict on what is left of it.
func shrunk(ctx context.Context, lab *run.Lab, j *judge.Judge, v verdict) verdict {
	smallest := v
	generate.Shrink(v.c, mostShrinks, func(c *sqlcase.Case) bool {
		again := judged(ctx, lab, j, c)
		same := ctx.Err() == nil && again.err == nil && again.word() == wordDifferent && again.shape() == v.shape()
		if same {
			smallest = again
		}
		return same
	})
	smallest.statements = true
	return smallest
}

// script is a case as statements, to be shown or saved as a case.
func script(c *sqlcase.Case) string {
	text := func(statements []string) string {
		if len(statements) == 0 {
			return ""
		}
		return strings.Join(statements, ";\n") + ";\n"
	}
	return text(c.Before) + "-- stream\n" + text(c.Stream)
}
