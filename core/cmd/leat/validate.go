package main

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func (a *app) validateCommand() *cobra.Command {
	v := validation{app: a}
	var asJSON bool
	c := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check pipeline files, and the systems that they name",
		Long: `Check pipeline files. Each plugin is started and checks its configuration, and
what it needs of the systems that the configuration names, and whether it could
resume at the pipeline's checkpoints, which may be in use; nothing is changed
anywhere. With --static no plugin connects to anything, and no checkpoint is read.`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, paths []string) error { return v.run(c.Context(), paths, asJSON) },
	}
	c.Flags().BoolVar(&v.static, "static", false, "check without connecting to any system")
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return c
}

// validation collects what is found.
type validation struct {
	app      *app
	static   bool
	started  *plugin.Pool // takes the processes; nil: they are ended
	findings []finding
}

func (v *validation) run(ctx context.Context, paths []string, asJSON bool) error {
	files, fileErr := pipeline.LoadAll(paths)
	if err := v.fileProblems(fileErr); err != nil {
		return err
	}
	if err := v.files(ctx, files); err != nil {
		return err
	}
	if err := v.print(asJSON); err != nil {
		return err
	}
	return v.verdict(fileErr)
}

// fileProblems turns the faults of the files into findings, and returns any
// other error.
func (v *validation) fileProblems(err error) error {
	var problems pipeline.Problems
	if !errors.As(err, &problems) {
		return err
	}
	for _, p := range problems {
		v.findings = append(v.findings, finding{Severity: severityError, Check: "file", Problem: p})
	}
	return nil
}

// files has all files checked, side by side: a plugin that hangs holds up none of
// the others.
func (v *validation) files(ctx context.Context, files []*pipeline.File) error {
	found := make([][]finding, len(files))
	var wg sync.WaitGroup
	for i, f := range files {
		wg.Go(func() { found[i] = v.file(ctx, f) })
	}
	wg.Wait()
	v.findings = append(v.findings, slices.Concat(found...)...)
	return ctx.Err()
}

// file has all stages of a file checked, side by side, then how they fit.
func (v *validation) file(ctx context.Context, f *pipeline.File) []finding {
	stages := f.Definition.Stages()
	found := make([][]finding, len(stages))
	about := make([]*leatv1.DescribeResponse, len(stages))
	var wg sync.WaitGroup
	before := none
	sinks, all := v.resume(f)
	for i, s := range stages {
		from, to := before, newForecast()
		wg.Go(func() {
			defer close(to.known)
			about[i], found[i] = v.stage(ctx, f, s, sinks, from, to)
		})
		if kindOf(s) != leatv1.Kind_KIND_SINK {
			before = to
		}
	}
	wg.Wait()
	all = append(all, slices.Concat(found...)...)
	d := described{}
	for i, s := range stages {
		d[s.Name] = about[i]
	}
	return append(all, misfits(f, d)...)
}

// verdict is the error that the command ends with, its findings printed.
func (v *validation) verdict(fileErr error) error {
	if fileErr != nil {
		return printed(exitUsage)
	}
	code := exitOK
	for _, f := range v.findings {
		if f.Severity == severityError {
			code = max(code, f.code, exitFindings)
		}
	}
	if code == exitOK {
		return nil
	}
	return printed(code)
}
