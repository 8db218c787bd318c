package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/pipeline"
)

func (a *app) checkpointRestoreCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put the copy that is kept in the place of a damaged checkpoint file",
		Long: "Put the copy that is kept beside it in the place of a checkpoint file that is\ndamaged or gone. The pipeline must not run. It resumes where the copy says: what\n" +
			"came since is sent again. A file that is not damaged is left as it is.",
		Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			f, err := pipeline.Load(given[0])
			if err != nil {
				return err
			}
			d := f.Definition
			kept, err := checkpoint.Restore(d.Checkpoint.Dir, d.Name, a.logger)
			if err != nil {
				return err
			}
			return a.printRestored(d.Name, kept, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the names of the sinks as JSON")
	return c
}

func (a *app) printRestored(name string, kept *checkpoint.Kept, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, map[string]any{"pipeline": name, "restored": kept.Sinks, "updated": kept.Updated})
	}
	for _, sink := range kept.Sinks {
		_, err := fmt.Fprintf(a.stdout, "restored checkpoint of sink %s in pipeline %s, as of %s\n", sink, name, kept.Updated.Format(time.RFC3339))
		if err != nil {
			return err
		}
	}
	return nil
}
