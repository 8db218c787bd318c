package main

import (
	"context"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/sdk/profile"
)

const defaultListen = "127.0.0.1:9190"

func (a *app) runCommand() *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use:   "run FILE...",
		Short: "Run the pipelines of the files",
		Long: `Run the pipelines of the files until a signal stops them.

The first SIGINT or SIGTERM drains the pipelines and stores their checkpoints;
a second one ends leat at once, and the pipelines resume at their checkpoints.`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, paths []string) error {
			files, err := pipeline.LoadAll(paths)
			if err != nil {
				return err
			}
			started := new(plugin.Pool)
			defer started.Kill()
			if err := a.checkConfigs(c.Context(), files, started); err != nil {
				return err
			}
			if c.Context().Err() != nil {
				a.logger.Info("stopped before anything ran", "cause", context.Cause(c.Context()))
				return nil
			}
			return profiled(os.Getenv(profile.Env), func() error {
				return a.runPipelines(c.Context(), definitions(files), started, listen)
			})
		},
	}
	c.Flags().StringVar(&listen, "listen", defaultListen,
		"address of /metrics, /healthz, /readyz and /status; empty for none")
	return c
}

// runPipelines logs the error, so that with --log-format json every line is JSON.
func (a *app) runPipelines(ctx context.Context, defs []*pipeline.Definition, started *plugin.Pool, listen string) error {
	defer context.AfterFunc(ctx, func() {
		a.logger.Info("stopping; a second signal ends leat at once", "cause", context.Cause(ctx))
	})()
	err := a.run(ctx, defs, engine.Settings{PluginDirs: a.pluginDirs, Logger: a.logger, Started: started, Listen: listen})
	if err == nil {
		return nil
	}
	code := exitCode(ctx, err)
	a.logger.Error("leat ends", "error", err, "code", code)
	return printed(code)
}

func definitions(files []*pipeline.File) []*pipeline.Definition {
	defs := make([]*pipeline.Definition, len(files))
	for i, f := range files {
		defs[i] = f.Definition
	}
	return defs
}

// checkConfigs has every plugin check its configuration, and looks whether the
// plugins fit each other, so that a mistake in a file is told with its line,
// before anything runs. What else is found, as that a plugin is missing
// or hangs, concerns its pipeline alone: the run itself reports it. The processes
// are kept for the run.
func (a *app) checkConfigs(ctx context.Context, files []*pipeline.File, started *plugin.Pool) error {
	v := validation{app: a, static: true, started: started}
	if err := v.files(ctx, files); err != nil {
		return nil // the command is stopped
	}
	var problems pipeline.Problems
	for _, f := range v.findings {
		if f.silent {
			a.logger.Warn("plugin does not answer; its pipeline is run without the check", "error", f.Message)
		}
		if f.Severity == severityError && slices.Contains(keptFromRunning, f.Check) {
			problems = append(problems, f.Problem)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// checkConfig is what the SDK calls the check of a configuration's shape.
const checkConfig = "config"

// keptFromRunning are the checks whose errors keep a pipeline from being run at all.
var keptFromRunning = []string{checkConfig, checkRecords, checkEnvironment}
