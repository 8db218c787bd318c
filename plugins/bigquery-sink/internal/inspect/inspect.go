// Package inspect checks, without changing anything, whether the sink could
// write to a dataset.
package inspect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"google.golang.org/api/iterator"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// reach is the cure where nothing better is known.
const reach = "check that BigQuery can be reached, project, the credentials and endpoint.rest"

// Inspector checks datasets.
type Inspector struct {
	REST              *bigquery.Client
	Write             *managedwriter.Client
	Project, Location string
	CreateDataset     bool
}

// Dataset checks one dataset, which the configuration has at path.
func (i *Inspector) Dataset(ctx context.Context, path, dataset string) []sdk.Finding {
	found, ok := i.exists(ctx, path, dataset)
	if !ok {
		return []sdk.Finding{found}
	}
	tables, name := i.tables(ctx, path, dataset)
	return []sdk.Finding{found, tables, i.writing(ctx, path, dataset, name)}
}

func (i *Inspector) exists(ctx context.Context, path, dataset string) (sdk.Finding, bool) {
	f := sdk.Finding{Severity: sdk.Error, Check: "dataset", Path: path}
	meta, err := i.REST.DatasetInProject(i.Project, dataset).Metadata(ctx)
	switch {
	case fault.HasStatus(err, http.StatusNotFound) && i.CreateDataset:
		f.Severity, f.Message = sdk.OK, fmt.Sprintf("dataset %s.%s does not exist and will be created", i.Project, dataset)
		return f, false
	case fault.HasStatus(err, http.StatusNotFound):
		f.Message = fmt.Sprintf("dataset %s.%s does not exist", i.Project, dataset)
		f.Cure = "create it, or set create_dataset"
		return f, false
	case fault.HasStatus(err, http.StatusForbidden):
		f.Message = fmt.Sprintf("dataset %s.%s may not be read, or does not exist: %v", i.Project, dataset, err)
		f.Cure = fmt.Sprintf("check project and dataset, and give the account roles/bigquery.dataEditor on dataset %s.%s", i.Project, dataset)
		return f, false
	case err != nil:
		f.Message = fmt.Sprintf("read dataset %s.%s: %v", i.Project, dataset, err)
		f.Cure = reach
		return f, false
	case i.Location != "" && !strings.EqualFold(meta.Location, i.Location):
		f.Severity, f.Path = sdk.Warning, "location"
		f.Message = fmt.Sprintf("dataset %s.%s is in %s, not in %s", i.Project, dataset, meta.Location, i.Location)
		f.Cure = "correct location, which counts for new datasets only"
		return f, true
	}
	f.Severity, f.Message = sdk.OK, fmt.Sprintf("dataset %s.%s is in %s", i.Project, dataset, meta.Location)
	return f, true
}

// tables checks that tables may be seen, and returns the name of one.
func (i *Inspector) tables(ctx context.Context, path, dataset string) (f sdk.Finding, name string) {
	f = sdk.Finding{Severity: sdk.OK, Check: "tables", Path: path, Message: "dataset has no tables yet"}
	t, err := i.REST.DatasetInProject(i.Project, dataset).Tables(ctx).Next()
	switch {
	case errors.Is(err, iterator.Done):
		return f, ""
	case err != nil:
		f.Severity, f.Message = sdk.Error, fmt.Sprintf("list tables of %s.%s: %v", i.Project, dataset, err)
		f.Cure = reach
		if fault.HasStatus(err, http.StatusForbidden) {
			f.Cure = i.editor(dataset)
		}
		return f, ""
	}
	f.Message = "tables can be read"
	return f, t.TableID
}
