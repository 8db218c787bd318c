package main

import (
	"fmt"
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
		Long:  "Delete the checkpoint of a sink, or those of all sinks of the pipeline, which\nmust not run. At the next start such a sink begins anew, with a snapshot where\nthe source makes one.",
		Args:  args(cobra.RangeArgs(1, 2)),
		RunE: func(_ *cobra.Command, given []string) error {
			return withStore(given[0], openExisting, func(d *pipeline.Definition, store *checkpoint.Store) error {
				sinks, err := selected(d, store, given[1:])
				if err != nil {
					return err
				}
				for _, sink := range sinks {
					if err := store.Delete(sink); err != nil {
						return fmt.Errorf("delete checkpoint of sink %s: %w", sink, err)
					}
				}
				return a.printDeleted(d.Name, sinks, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the names of the sinks as JSON")
	return c
}

// openExisting opens a store for writing but makes none.
func openExisting(dir, name string) (*checkpoint.Store, error) {
	path := checkpoint.Path(dir, name)
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, fmt.Errorf("%w: %s", checkpoint.ErrNone, path)
	}
	return checkpoint.Open(dir, name)
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
