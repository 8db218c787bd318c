package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/pipeline"
)

func (a *app) checkpointCommand() *cobra.Command {
	c := &cobra.Command{Use: "checkpoint", Short: "Show or delete where a pipeline resumes", Args: args(cobra.NoArgs), RunE: needCommand}
	c.AddCommand(a.checkpointShowCommand(), a.checkpointDeleteCommand())
	return c
}

type openStore func(dir, pipeline string) (*checkpoint.Store, error)

// withStore opens the checkpoints of the pipeline of a file for use.
func withStore(path string, open openStore, use func(*pipeline.Definition, *checkpoint.Store) error) (err error) {
	f, err := pipeline.Load(path)
	if err != nil {
		return err
	}
	d := f.Definition
	store, err := open(d.Checkpoint.Dir, d.Name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return use(d, store)
}

// selected returns the sinks that have a checkpoint, or the one that was named,
// which must have one.
func selected(d *pipeline.Definition, store *checkpoint.Store, named []string) ([]string, error) {
	sinks, err := store.Sinks()
	if err != nil {
		return nil, fmt.Errorf("read checkpoints of %s: %w", d.Name, err)
	}
	if len(named) == 0 {
		return sinks, nil
	}
	if !slices.Contains(sinks, named[0]) {
		return nil, fmt.Errorf("%w of sink %q in pipeline %s; those that have one: %q", checkpoint.ErrNone, named[0], d.Name, sinks)
	}
	return named, nil
}
