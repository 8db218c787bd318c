package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/core/plugin"
)

// errNoCommand and errNotPlugins follow what has been printed.
var (
	errNoCommand  = errors.New("name one of the commands")
	errNotPlugins = errors.New("files in the plugin folders do not answer as plugins")
)

const (
	// listTimeout is what a file has to say that it is a plugin, and what it is.
	listTimeout = 5 * time.Second
	// listAtOnce is how many are started at the same time.
	listAtOnce = 16
)

// listed is a plugin as the list shows it.
type listed struct {
	Name    string `json:"name"`
	Kind    string `json:"kind,omitempty"`
	Version string `json:"version,omitempty"`
	Summary string `json:"summary,omitempty"`
	Error   string `json:"error,omitempty"`
}

func (a *app) pluginListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the plugins in the plugin folders",
		Args:  args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			names, err := a.list(a.pluginDirs)
			if err != nil {
				return err
			}
			plugins := a.askAll(c.Context(), names)
			if err := a.printList(plugins, asJSON); err != nil {
				return err
			}
			return broken(plugins)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return c
}

// askAll asks all at the same time, so that one that is silent holds up none.
func (a *app) askAll(ctx context.Context, names []string) []listed {
	plugins := make([]listed, len(names))
	var asked errgroup.Group
	asked.SetLimit(listAtOnce)
	for i, name := range names {
		asked.Go(func() error {
			plugins[i] = a.ask(ctx, name)
			return nil
		})
	}
	_ = asked.Wait() // each has its error with it
	return plugins
}

func (a *app) ask(ctx context.Context, name string) listed {
	p, err := a.start(ctx, a.pluginDirs, plugin.Settings{
		Path: name, Name: name, Logger: a.logger.With("plugin", name), StartTimeout: listTimeout,
	})
	if err != nil {
		return listed{Name: name, Error: err.Error()}
	}
	defer p.Kill()
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	d, err := p.Describe(ctx)
	if ctx.Err() != nil {
		return listed{Name: name, Error: fmt.Sprintf("does not say within %v what it is", listTimeout)}
	}
	if err != nil {
		return listed{Name: name, Error: err.Error()}
	}
	return listed{Name: name, Kind: kindName(d.GetKind()), Version: d.GetVersion(), Summary: d.GetSummary()}
}

func (a *app) printList(plugins []listed, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, plugins)
	}
	if len(plugins) == 0 {
		_, err := fmt.Fprintf(a.stdout, "no plugins in %v; set --plugin-dir to the folder that has them\n", a.pluginDirs)
		return err
	}
	rows := [][]string{{"NAME", "KIND", "VERSION", "SUMMARY"}}
	for _, p := range plugins {
		if p.Error != "" {
			rows = append(rows, []string{p.Name, "?", "?", p.Error})
			continue
		}
		rows = append(rows, []string{p.Name, p.Kind, p.Version, p.Summary})
	}
	var b strings.Builder
	table(&b, rows)
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

func broken(plugins []listed) error {
	var names []string
	for _, p := range plugins {
		if p.Error != "" {
			names = append(names, p.Name)
		}
	}
	if names == nil {
		return nil
	}
	return fmt.Errorf("%w: %s; remove or rebuild them", errNotPlugins, strings.Join(names, ", "))
}
