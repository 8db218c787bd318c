package main

import (
	"context"
	"fmt"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/client"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/inspect"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
	"github.com/leat-io/leat/sdk"
)

var _ sdk.Validator = (*sink)(nil)

// Validate checks the configuration against BigQuery.
func (s *sink) Validate(ctx context.Context) []sdk.Finding {
	ctx, cancel := context.WithTimeout(ctx, s.config.RequestTimeout)
	defer cancel()
	clients, err := client.New(ctx, s.config.clientSettings())
	if err != nil {
		return []sdk.Finding{{Severity: sdk.Error, Check: "credentials", Message: err.Error(), Cure: "correct credentials_file, credentials_json, or the credentials of the environment"}}
	}
	defer func() { _ = clients.Close() }()
	findings := []sdk.Finding{{Severity: sdk.OK, Check: "credentials", Message: "are complete"}}
	i := inspect.Inspector{
		REST: clients.REST, Write: clients.Write, Project: s.config.Project,
		Location: s.config.Location, CreateDataset: s.config.CreateDataset,
	}
	switch {
	case s.config.MaxStaleness > 0:
		findings = append(findings, i.Statements(ctx, "max_staleness", sdk.Error))
	case s.config.Truncate == auto:
		findings = append(findings, i.Statements(ctx, "truncate", sdk.Warning))
	}
	for path, dataset := range s.datasets() {
		findings = append(findings, i.Dataset(ctx, path, dataset)...)
	}
	return findings
}

// datasets are those that are known before the first topic, by the path of their key.
func (s *sink) datasets() map[string]string {
	out := map[string]string{}
	add := func(path, dataset string) {
		if t := name.Template(dataset); dataset != "" && t.Fixed() {
			out[path] = dataset
		}
	}
	add("dataset", s.config.Dataset)
	for i, r := range s.config.Rules {
		add(fmt.Sprintf("rules[%d].dataset", i), r.Dataset)
	}
	return out
}
