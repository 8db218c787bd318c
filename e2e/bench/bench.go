package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/leat-io/leat/e2e/bench/internal/broker"
	"github.com/leat-io/leat/e2e/bench/internal/contender"
	"github.com/leat-io/leat/e2e/bench/internal/load"
	"github.com/leat-io/leat/e2e/bench/internal/machine"
	"github.com/leat-io/leat/e2e/bench/internal/measure"
	"github.com/leat-io/leat/e2e/bench/internal/micro"
	"github.com/leat-io/leat/e2e/bench/internal/report"
	"github.com/leat-io/leat/e2e/bench/internal/result"
)

// bench is one run of the command.
type bench struct {
	options *options
	log     *slog.Logger
	file    *result.File
	machine result.Machine
	lab     *lab
	measure *measure.Bench
}

// run measures everything that was asked for. A workload that fails does not keep
// the others from being measured.
func (b *bench) run(ctx context.Context) (err error) {
	if b.machine, err = machine.Read(); err != nil {
		return err
	}
	if b.file, err = b.previous(); err != nil {
		return err
	}
	workloads, err := load.Choose(load.Workloads(b.options.rows), b.options.workloads)
	if err != nil {
		return err
	}
	var errs []error
	if len(workloads) > 0 {
		errs = append(errs, b.workloads(ctx, workloads))
	}
	if b.options.micro && ctx.Err() == nil {
		errs = append(errs, b.micro(ctx))
	}
	return errors.Join(append(errs, b.report(os.Stdout))...)
}

func (b *bench) workloads(ctx context.Context, workloads []*load.Workload) (err error) {
	dir, err := os.MkdirTemp("", "leat-bench-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b.log.Info("starting servers")
	if b.lab, err = startLab(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.lab.close()) }()
	counter, err := broker.Connect(b.lab.Kafka.Bootstrap)
	if err != nil {
		return err
	}
	defer counter.Close()
	b.measure = &measure.Bench{Lab: b.lab.Lab, Broker: counter, Dir: dir, Profiles: b.options.profiles, Versions: map[string]string{}}
	b.log.Info("loading rows", "rows", b.options.rows)
	if err := load.Base(ctx, b.lab.MySQL, b.options.rows); err != nil {
		return err
	}
	var errs []error
	for _, w := range workloads {
		if err := b.workload(ctx, w); err != nil {
			b.log.Error("workload failed", "workload", w.Name, "error", err)
			errs = append(errs, fmt.Errorf("workload %s failed", w.Name))
		}
		if ctx.Err() != nil {
			return errors.Join(append(errs, ctx.Err())...)
		}
	}
	return errors.Join(errs...)
}

// workload measures one and stores what it has brought.
func (b *bench) workload(ctx context.Context, w *load.Workload) error {
	var results []result.Workload
	var err error
	if len(w.Rates) > 0 {
		results, err = b.latency(ctx, w)
	} else {
		results, err = b.throughput(ctx, w)
	}
	if err := errors.Join(err, w.Drop(context.WithoutCancel(ctx), b.lab.MySQL)); err != nil {
		return err
	}
	versions, err := b.lab.versions(ctx, b.measure.Broker)
	if err != nil {
		return err
	}
	for name, v := range b.measure.Versions {
		versions[name] = v
	}
	for _, r := range results {
		r.Conditions = result.Conditions{When: time.Now().UTC().Truncate(time.Second), Machine: b.machine, Versions: versions}
		r.Command = b.options.command
		b.file.Put(r)
	}
	return b.store()
}

func (b *bench) throughput(ctx context.Context, w *load.Workload) ([]result.Workload, error) {
	contenders := b.contenders(b.lab.Lab, false)
	b.log.Info("preparing", "workload", w.Name)
	if err := w.Prepare(ctx, b.lab.MySQL); err != nil {
		return nil, err
	}
	if !w.Snapshot {
		for _, c := range contenders {
			if err := b.measure.Prime(ctx, c, w); err != nil {
				return nil, err
			}
		}
		if err := w.Write(ctx, b.lab.MySQL); err != nil {
			return nil, err
		}
	}
	samples, err := b.rounds(w, contenders, func(c contender.Contender) (*result.Sample, error) {
		return b.measure.Throughput(ctx, c, w)
	})
	return []result.Workload{{Name: w.Name, Title: w.Title, Records: w.Records, Samples: samples}}, err
}

func (b *bench) latency(ctx context.Context, w *load.Workload) ([]result.Workload, error) {
	var out []result.Workload
	for _, rate := range w.Rates {
		samples, err := b.rounds(w, b.contenders(b.lab.Lab, true), func(c contender.Contender) (*result.Sample, error) {
			return b.measure.Latency(ctx, c, w, rate, b.options.duration)
		})
		if err != nil {
			return nil, err
		}
		title := fmt.Sprintf("%s, %s a second", w.Title, load.Thousands(rate))
		out = append(out, result.Workload{Name: w.Name, Title: title, Rate: rate, Samples: samples})
	}
	return out, nil
}

// rounds measures the contenders in turn, again and again.
func (b *bench) rounds(w *load.Workload, contenders []contender.Contender, one func(contender.Contender) (*result.Sample, error)) ([]result.Sample, error) {
	var out []result.Sample
	for round := 1; round <= b.options.rounds; round++ {
		for _, c := range contenders {
			sample, err := one(c)
			if err != nil {
				return nil, err
			}
			sample.Round = round
			b.log.Info("measured", "workload", w.Name, "round", round, "contender", c.Name(), "result", report.Line(sample))
			out = append(out, *sample)
		}
	}
	return out, nil
}

// contenders are those of a round, in turn; for latency Debezium also with the
// poll interval that its users set when latency matters.
func (b *bench) contenders(l *contender.Lab, latency bool) []contender.Contender {
	var out []contender.Contender
	if b.options.has(nameLeat) {
		out = append(out, &contender.Leat{Lab: l, Binary: b.options.binary, As: nameLeat})
	}
	if b.options.has(nameDebezium) {
		out = append(out, &contender.Debezium{Lab: l, As: nameDebezium, ServerID: 5501})
		if latency {
			out = append(out, &contender.Debezium{
				Lab: l, As: nameDebezium + "-poll10ms", ServerID: 5502, Options: map[string]string{"poll.interval.ms": "10"},
			})
		}
	}
	if b.options.has(nameLeat) && b.options.again {
		out = append(out, &contender.Leat{Lab: l, Binary: b.options.binary, As: report.Again})
	}
	return out
}

func (b *bench) micro(ctx context.Context) error {
	b.log.Info("running micro-benchmarks")
	benchmarks, err := micro.Run(ctx, b.options.rounds)
	if err != nil {
		return err
	}
	b.file.Micro = &result.Micro{
		Conditions: result.Conditions{When: time.Now().UTC().Truncate(time.Second), Machine: b.machine},
		Benchmarks: benchmarks,
	}
	return b.store()
}

// previous is what earlier runs have left in the folder of the report.
func (b *bench) previous() (*result.File, error) {
	if b.options.out == "" {
		return &result.File{}, nil
	}
	if err := os.MkdirAll(b.options.out, 0o750); err != nil {
		return nil, fmt.Errorf("make folder of the report: %w", err)
	}
	return result.Read(b.results())
}

func (b *bench) results() string { return filepath.Join(b.options.out, "benchmarks.json") }

// store writes the results after each workload: the next one may fail.
func (b *bench) store() error {
	if b.options.out == "" {
		return nil
	}
	return b.file.Write(b.results())
}

// report writes the documents, or shows them if there is no folder for them.
func (b *bench) report(stdout *os.File) error {
	if b.options.out == "" {
		return report.Markdown(stdout, b.file)
	}
	return report.WriteTo(b.options.out, b.file)
}
