package table

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// updateData is the permission to write rows.
const updateData = "bigquery.tables.updateData"

// errAbsent says that a table, which was there, is not any more.
var errAbsent = errors.New("it does not exist any more")

// Why says why rows of the table are refused, as who writes gets the same answer
// where the table is new, absent or forbidden. It returns nil if nothing is wrong
// with the table, so that it is known to those who write in a while.
func (s *Store) Why(ctx context.Context, spec Spec, cause error) error {
	err := s.why(ctx, &spec, cause)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errAbsent):
		return sdk.Permanent(fmt.Errorf("table %v: %w: %w: somebody dropped the table while rows were written; restart the pipeline, which makes a new one that has only the rows to come, or take a new snapshot of it", &spec, err, cause))
	}
	return fmt.Errorf("table %v: %w", &spec, err)
}

func (s *Store) why(ctx context.Context, spec *Spec, cause error) error {
	var meta *bigquery.TableMetadata
	err := s.call(ctx, spec, "read its metadata", func(ctx context.Context) (err error) {
		meta, err = s.table(spec).Metadata(ctx)
		return err
	})
	switch {
	case ctx.Err() != nil:
		return err
	case fault.HasStatus(err, http.StatusNotFound):
		return errAbsent
	case err != nil:
		return s.explain(spec, err)
	}
	if err := unaltered(spec, meta); err != nil {
		return sdk.Permanent(fmt.Errorf("%w: %w", err, cause))
	}
	return s.mayWrite(ctx, spec, cause)
}

// unaltered says whether the table is still fit for the rows.
func unaltered(spec *Spec, meta *bigquery.TableMetadata) error {
	_, _, update, err := plan(spec, meta)
	if err != nil {
		return err
	}
	if update != nil {
		return errors.New("somebody dropped columns of the table while rows were written: restart the pipeline, which adds them again, without values in the rows of before")
	}
	return nil
}

// mayWrite asks whether the account may write to the table. Where that cannot be
// told, time has to.
func (s *Store) mayWrite(ctx context.Context, spec *Spec, cause error) error {
	if _, code := fault.Of(cause); code != "PermissionDenied" {
		return nil
	}
	var have []string
	err := s.call(ctx, spec, "test permissions", func(ctx context.Context) (err error) {
		have, err = s.table(spec).IAM().TestPermissions(ctx, []string{updateData})
		return err
	})
	if err != nil || slices.Contains(have, updateData) {
		return nil
	}
	return sdk.Permanent(fmt.Errorf("%w: the account lacks %s on table %s.%s.%s: give it roles/bigquery.dataEditor on dataset %s.%s",
		cause, updateData, s.settings.Project, spec.Dataset, spec.Table, s.settings.Project, spec.Dataset))
}

// explain is fault.Explain with the name of the dataset in the cure.
func (s *Store) explain(spec *Spec, err error) error {
	if fault.HasStatus(err, http.StatusForbidden) && fault.Cure(err) == fault.Editor {
		return sdk.Permanent(fmt.Errorf("%w: %s %s.%s", err, fault.Editor, s.settings.Project, spec.Dataset))
	}
	return fault.Explain(err)
}
