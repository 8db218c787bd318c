package inspect

import (
	"context"
	"fmt"
	"net/http"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// Statements checks, by a dry run, that SQL may be run in the project, which
// what is configured at path needs. The right is another than that to write rows.
func (i *Inspector) Statements(ctx context.Context, path string, severity sdk.Severity) sdk.Finding {
	f := sdk.Finding{Severity: sdk.OK, Check: "statements", Path: path, Message: "may be run in project " + i.Project}
	q := i.REST.Query("SELECT 1")
	q.DryRun = true
	_, err := q.Run(ctx)
	if err == nil {
		return f
	}
	f.Severity, f.Message = severity, fmt.Sprintf("run a statement in project %s: %v", i.Project, err)
	f.Cure = reach
	if fault.HasStatus(err, http.StatusForbidden) {
		f.Cure = "give the account roles/bigquery.jobUser in project " + i.Project
	}
	return f
}
