package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/sdk/config"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// description is a plugin as describe shows it.
type description struct {
	Name          string         `json:"name"`
	Kind          string         `json:"kind"`
	Version       string         `json:"version"`
	Summary       string         `json:"summary"`
	Transactional bool           `json:"transactional"`
	Snapshots     bool           `json:"snapshots"`
	Accepts       string         `json:"accepts,omitempty"`
	Emits         string         `json:"emits,omitempty"`
	Environment   []string       `json:"environment,omitempty"`
	Config        []config.Field `json:"config"`
}

func (a *app) pluginDescribeCommand() *cobra.Command {
	var asJSON, schema, markdown bool
	var readme string
	c := &cobra.Command{
		Use:   "describe NAME",
		Short: "Show what a plugin is and how it is configured",
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, names []string) error {
			d, err := a.describe(c.Context(), names[0])
			switch {
			case err != nil:
				return err
			case readme != "":
				return config.UpdateReadme(readme, d.Config)
			case asJSON:
				return writeJSON(a.stdout, d)
			case schema:
				_, err = a.stdout.Write(config.JSONSchema(d.Config))
			case markdown:
				_, err = fmt.Fprint(a.stdout, config.Markdown(d.Config))
			default:
				_, err = fmt.Fprint(a.stdout, d)
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print all as JSON")
	c.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of the configuration")
	c.Flags().BoolVar(&markdown, "markdown", false, "print the configuration as a Markdown table")
	c.Flags().StringVar(&readme, "update-readme", "", "write that table between <!-- config --> and <!-- /config --> of a `file`")
	c.MarkFlagsMutuallyExclusive("json", "schema", "markdown", "update-readme")
	return c
}

func (a *app) describe(ctx context.Context, name string) (*description, error) {
	p, err := a.start(ctx, a.pluginDirs, plugin.Settings{Path: name, Name: name, Logger: a.logger})
	if err != nil {
		return nil, err
	}
	defer p.Kill()
	d, err := p.Describe(ctx)
	if err != nil {
		return nil, fmt.Errorf("describe plugin %s: %w", name, err)
	}
	out := &description{
		Name: d.GetName(), Kind: kindName(d.GetKind()), Version: d.GetVersion(), Summary: d.GetSummary(),
		Transactional: d.GetTransactional(), Snapshots: d.GetSnapshots(),
		Accepts: kindNames(d.GetAccepts()), Emits: kindNames(d.GetEmits()), Environment: d.GetEnvironment(), Config: []config.Field{},
	}
	for _, f := range d.GetConfig() {
		out.Config = append(out.Config, fieldOf(f))
	}
	return out, nil
}

func fieldOf(f *leatv1.ConfigField) config.Field {
	field := config.Field{
		Key: f.GetKey(), Type: f.GetType(), Required: f.GetRequired(), Secret: f.GetSecret(),
		Doc: f.GetDoc(), Options: f.GetOptions(), Unit: f.GetUnit(),
	}
	if json.Valid([]byte(f.GetDefault())) {
		field.Default = json.RawMessage(f.GetDefault())
	}
	return field
}

// String writes the description for people.
func (d *description) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, a %s\n%s\n", d.Name, d.Version, d.Kind, d.Summary)
	if d.Accepts != "" {
		fmt.Fprintf(&b, "Takes %s.\n", d.Accepts)
	}
	if d.Emits != "" {
		fmt.Fprintf(&b, "Sends %s.\n", d.Emits)
	}
	if d.Transactional {
		b.WriteString("May store its checkpoints with its records, as its configuration says.\n")
	}
	if d.Snapshots {
		b.WriteString("May copy what existed before its stream begins.\n")
	}
	if len(d.Environment) > 0 {
		fmt.Fprintf(&b, "Honours these variables, if env lists them: %s.\n", strings.Join(d.Environment, ", "))
	}
	if len(d.Config) == 0 {
		return b.String() + "\nIt has no configuration.\n"
	}
	b.WriteByte('\n')
	rows := [][]string{{"KEY", "TYPE", "DEFAULT", "MEANING"}}
	for _, f := range d.Config {
		rows = append(rows, []string{f.Key, f.Type, config.DefaultText(f), config.DocText(f)})
	}
	table(&b, rows)
	return b.String()
}
