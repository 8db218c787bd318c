package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// showHelp prints the help of a command, as --help and leat help do. What the
// command line names and does not exist is a fault all the same.
func (a *app) showHelp(print func(*cobra.Command, []string)) func(*cobra.Command, []string) {
	return func(c *cobra.Command, given []string) {
		if rest := c.Flags().Args(); c.HasAvailableSubCommands() && len(rest) > 0 {
			a.unknown = usageError(c, fmt.Errorf("unknown command %q for %q", rest[0], c.CommandPath()))
			return
		}
		print(c, given)
	}
}

// helpCommand is cobra's, with an error for a topic that does not exist.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command",
		RunE: func(c *cobra.Command, names []string) error {
			about, rest, err := c.Root().Find(names)
			if err != nil || len(rest) > 0 {
				return usageError(c.Root(), fmt.Errorf("unknown command or topic %q", names[len(names)-max(len(rest), 1)]))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}
