package main

import "github.com/spf13/cobra"

func (a *app) pluginCommand() *cobra.Command {
	c := &cobra.Command{Use: "plugin", Short: "Show the plugins that are installed", Args: args(cobra.NoArgs), RunE: needCommand}
	c.AddCommand(a.pluginListCommand(), a.pluginDescribeCommand())
	return c
}

// needCommand answers a command that only groups others.
func needCommand(c *cobra.Command, _ []string) error {
	c.PrintErrln(c.UsageString())
	return &usageFault{errNoCommand}
}
