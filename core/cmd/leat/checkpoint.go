package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/pipeline"
)

func (a *app) checkpointCommand() *cobra.Command {
	c := &cobra.Command{Use: "checkpoint", Short: "Show, delete or restore where a pipeline resumes", Args: args(cobra.NoArgs), RunE: needCommand}
	c.AddCommand(a.checkpointShowCommand(), a.checkpointDeleteCommand(), a.checkpointRestoreCommand())
	return c
}

type openStore func(dir, pipeline string, logger *slog.Logger) (*checkpoint.Store, error)

// withStore opens the checkpoints of the pipeline of a file for use.
func (a *app) withStore(path string, open openStore, use func(*pipeline.Definition, *checkpoint.Store) error) (err error) {
	f, err := pipeline.Load(path)
	if err != nil {
		return err
	}
	d := f.Definition
	store, err := open(d.Checkpoint.Dir, d.Name, a.logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return use(d, store)
}

// selected returns the sinks that have a checkpoint, or the one that was named,
// which must have one.
func selected(d *pipeline.Definition, store *checkpoint.Store, named []string) ([]string, error) {
	sinks := store.Sinks()
	if len(named) == 0 {
		return sinks, nil
	}
	if !slices.Contains(sinks, named[0]) {
		return nil, fmt.Errorf("%w of sink %q in pipeline %s; those that have one: %q", checkpoint.ErrNone, named[0], d.Name, sinks)
	}
	return named, nil
}
