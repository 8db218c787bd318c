package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// process is what the commands need of a plugin that has been started.
type process interface {
	Describe(ctx context.Context) (*leatv1.DescribeResponse, error)
	Validate(ctx context.Context, c plugin.Check) (*leatv1.ValidateResponse, error)
	Kill()
}

// app holds the global flags, and what the commands reach outside this process,
// which tests replace.
type app struct {
	stdout, stderr io.Writer
	logger         *slog.Logger

	pluginDirs []string
	logLevel   string
	logFormat  string

	list  func(dirs []string) ([]string, error)
	start func(ctx context.Context, dirs []string, s plugin.Settings) (process, error)
	run   func(ctx context.Context, defs []*pipeline.Definition, s engine.Settings) error
	// unknown is what help was asked about and does not exist.
	unknown error
	// checkTimeout is what a plugin may take for each call of a check, and
	// liveTimeout if it asks other systems.
	checkTimeout, liveTimeout time.Duration
	// exit ends the process at the second signal.
	exit func(code int)
}

func newApp(stdout, stderr io.Writer) *app {
	return &app{
		stdout: stdout, stderr: stderr,
		list: plugin.List, start: startPlugin, run: engine.Run, exit: os.Exit,
		checkTimeout: 10 * time.Second, liveTimeout: 2 * time.Minute,
	}
}

// startPlugin finds and starts the plugin that s names.
func startPlugin(ctx context.Context, dirs []string, s plugin.Settings) (process, error) {
	path, err := plugin.Find(dirs, s.Path)
	if err != nil {
		return nil, err
	}
	s.Path = path
	p, err := plugin.Start(ctx, s)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// execute runs one command line and returns the exit code.
func (a *app) execute(args []string) int {
	ctx, stop := a.signals(context.Background())
	defer stop()
	root := a.root()
	root.SetArgs(args)
	err := errors.Join(root.ExecuteContext(ctx), a.unknown)
	if err == nil {
		return exitOK
	}
	if !errors.As(err, new(printed)) {
		_, _ = fmt.Fprintln(a.stderr, err) // there is nowhere left to say that this failed
	}
	return exitCode(ctx, err)
}

func (a *app) root() *cobra.Command {
	c := &cobra.Command{
		Use:               "leat",
		Short:             "Stream database changes through pipelines of plugins",
		Long:              "leat streams database changes: a pipeline file says which source feeds which\ntransform and which sinks, each of them a plugin in a process of its own.",
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              args(cobra.NoArgs),
		RunE:              needCommand,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return a.prepare(c) },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	c.SetOut(a.stdout)
	c.SetErr(a.stderr)
	c.SetFlagErrorFunc(usageError)
	c.SetHelpFunc(a.showHelp(c.HelpFunc()))
	c.SetHelpCommand(a.helpCommand())
	flags := c.PersistentFlags()
	flags.StringSliceVar(&a.pluginDirs, "plugin-dir", nil,
		"folder to look for plugins in; may be repeated\n(default $"+pluginDirVariable+", or plugins beside the binary, then "+systemPluginDir+")")
	flags.StringVar(&a.logLevel, "log-level", "info", "least level to log: debug, info, warn, error")
	flags.StringVar(&a.logFormat, "log-format", "text", "format of the log: text, json")
	c.AddCommand(a.runCommand(), a.validateCommand(), a.pluginCommand(), a.checkpointCommand(), a.versionCommand(), exitCodesTopic())
	return c
}

// prepare completes the global flags before a command runs.
func (a *app) prepare(c *cobra.Command) (err error) {
	if err := c.ValidateFlagGroups(); err != nil {
		return usageError(c, err)
	}
	if len(a.pluginDirs) == 0 {
		a.pluginDirs = defaultPluginDirs(os.Getenv, os.Executable)
	}
	a.logger, err = newLogger(a.stderr, a.logLevel, a.logFormat)
	return err
}
