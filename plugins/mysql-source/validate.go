package main

import (
	"context"

	"github.com/leat-io/leat/plugins/mysql-source/internal/preflight"
	"github.com/leat-io/leat/sdk"
)

// Validate checks the server, the user and the captured tables.
func (s *Source) Validate(ctx context.Context) []sdk.Finding {
	checks := preflight.Checks{
		Server: s.server, Filter: s.filter, ReplicaID: s.replica.ID,
		NoData: s.config.Snapshot.Mode == "no_data",
	}
	return checks.Run(ctx)
}
