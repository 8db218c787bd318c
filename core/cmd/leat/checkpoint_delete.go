package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/pipeline"
)

func (a *app) checkpointDeleteCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "delete FILE [SINK]",
		Short: "Delete the checkpoint of a sink, or of all, which then begin anew",
		Long: "Delete the checkpoint of a sink, or those of all sinks of the pipeline, which\nmust not run. At the next start such a sink begins anew, with a snapshot where\n" +
			"the source makes one. Without SINK a damaged file is removed as well.",
		Args: args(cobra.RangeArgs(1, 2)),
		RunE: func(_ *cobra.Command, given []string) error {
			err := a.withStore(given[0], openExisting, func(d *pipeline.Definition, store *checkpoint.Store) error {
				return a.deleteCheckpoints(d, store, given[1:], asJSON)
			})
			if errors.Is(err, checkpoint.ErrDamaged) && len(given) == 1 {
				return a.deleteDamaged(given[0], asJSON)
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the names of the sinks as JSON")
	return c
}

// openExisting opens a store for writing but makes none.
func openExisting(dir, name string, logger *slog.Logger) (*checkpoint.Store, error) {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return nil, fmt.Errorf("%w: %s", checkpoint.ErrNone, checkpoint.Path(dir, name))
	}
	store, err := checkpoint.OpenReadOnly(dir, name, logger)
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	return checkpoint.Open(dir, name, slog.New(slog.DiscardHandler)) // all was said before
}

func (a *app) deleteCheckpoints(d *pipeline.Definition, store *checkpoint.Store, named []string, asJSON bool) error {
	sinks, err := selected(d, store, named)
	if err != nil {
		return err
	}
	for _, sink := range sinks {
		if err := store.Delete(sink); err != nil {
			return err
		}
	}
	return a.printDeleted(d.Name, sinks, asJSON)
}

// deleteDamaged removes a file that does not tell which sinks it has.
func (a *app) deleteDamaged(path string, asJSON bool) error {
	f, err := pipeline.Load(path)
	if err != nil {
		return err
	}
	d := f.Definition
	if err := checkpoint.Remove(d.Checkpoint.Dir, d.Name); err != nil {
		return fmt.Errorf("delete damaged checkpoint file: %w", err)
	}
	if asJSON {
		sinks := []string{}
		for _, sink := range d.Sinks {
			sinks = append(sinks, sink.Name)
		}
		return a.printDeleted(d.Name, sinks, asJSON)
	}
	_, err = fmt.Fprintf(a.stdout, "deleted damaged checkpoint file %s: all sinks of pipeline %s begin anew\n",
		checkpoint.Path(d.Checkpoint.Dir, d.Name), d.Name)
	return err
}

func (a *app) printDeleted(name string, sinks []string, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, map[string]any{"pipeline": name, "deleted": append([]string{}, sinks...)})
	}
	for _, sink := range sinks {
		if _, err := fmt.Fprintf(a.stdout, "deleted checkpoint of sink %s in pipeline %s\n", sink, name); err != nil {
			return err
		}
	}
	return nil
}
