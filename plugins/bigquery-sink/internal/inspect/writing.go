package inspect

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// updateData is the permission to write rows.
const updateData = "bigquery.tables.updateData"

// writing checks that the Storage Write API answers, and that rows may be written
// to a table if there is one. Its refusals do not tell a right that is missing
// from a table that is: the Tables API does.
func (i *Inspector) writing(ctx context.Context, path, dataset, table string) sdk.Finding {
	known := table != ""
	if !known {
		table = "leat_validation"
	}
	f := sdk.Finding{Severity: sdk.OK, Check: "storage write api", Path: path, Message: "answers"}
	_, err := i.Write.GetWriteStream(ctx, &storagepb.GetWriteStreamRequest{
		Name: managedwriter.TableParentFromParts(i.Project, dataset, table) + "/streams/_default",
	})
	code := status.Code(err)
	refused := code == codes.NotFound || code == codes.PermissionDenied
	if err != nil && !refused {
		f.Severity, f.Message = sdk.Error, fmt.Sprintf("look at the stream of %s.%s.%s: %v", i.Project, dataset, table, err)
		f.Cure = "check that the Storage Write API can be reached, the credentials and endpoint.grpc"
		return f
	}
	if !known {
		return f
	}
	return i.rights(ctx, f, dataset, table, err)
}

// rights says what the refusal of a table means, if it was refused.
func (i *Inspector) rights(ctx context.Context, f sdk.Finding, dataset, table string, refused error) sdk.Finding {
	have, err := i.REST.DatasetInProject(i.Project, dataset).Table(table).IAM().TestPermissions(ctx, []string{updateData})
	switch {
	case fault.HasStatus(err, http.StatusNotFound):
		return f // it was dropped since it was listed
	case err == nil && !slices.Contains(have, updateData):
		f.Severity, f.Message = sdk.Error, fmt.Sprintf("the account lacks %s on table %s.%s.%s", updateData, i.Project, dataset, table)
		f.Cure = i.editor(dataset)
	case err == nil && refused != nil:
		f.Severity, f.Message = sdk.Warning, fmt.Sprintf("table %s.%s.%s exists and the account may write to it, but writers do not see it yet: %v", i.Project, dataset, table, refused)
		f.Cure = "try again in a minute: BigQuery shows a new table late; if that does not help, give endpoint.grpc the same service as endpoint.rest"
	case refused != nil:
		f.Severity, f.Message = sdk.Warning, fmt.Sprintf("table %s.%s.%s is refused: %v; whether a right is missing cannot be told: %v", i.Project, dataset, table, refused, err)
		f.Cure = i.editor(dataset)
	}
	return f
}

func (i *Inspector) editor(dataset string) string {
	return fmt.Sprintf("give the account roles/bigquery.dataEditor on dataset %s.%s", i.Project, dataset)
}
