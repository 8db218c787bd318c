package main

import (
	"context"

	"github.com/leat-io/leat/plugins/mysql-source/internal/preflight"
	"github.com/leat-io/leat/sdk"
)

// Validate checks the server, the user and the captured tables.
func (s *Source) Validate(ctx context.Context) []sdk.Finding { return s.checks().Run(ctx) }

func (s *Source) checks() *preflight.Checks {
	return &preflight.Checks{
		Server: s.server, Filter: s.filter, ReplicaID: s.replica.ID,
		GTIDFilter: s.ignore != nil, Ignore: s.ignore,
	}
}

var _ sdk.Forecaster = (*Source)(nil)

// Forecast returns the tables that are captured now.
func (s *Source) Forecast(ctx context.Context, _ []sdk.Stream) ([]sdk.Stream, error) {
	conn, err := s.server.Connect(ctx)
	if err != nil {
		return nil, nil // Validate has said so
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	all, err := conn.Tables()
	if err != nil {
		return nil, err
	}
	var out []sdk.Stream
	for _, t := range all {
		if s.filter.Table(t.Name) {
			out = append(out, sdk.Stream{Database: t.Name.Database, Table: t.Name.Table})
		}
	}
	return out, nil
}
