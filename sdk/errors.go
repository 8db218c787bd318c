package sdk

import (
	"errors"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// Transient marks an error that goes away without leat's doing, such as that of
// a system that is away or busy: the host starts the plugin again with back-off
// for as long as it takes. It returns nil for nil.
func Transient(err error) error { return classify(err, leatv1.FailureKind_FAILURE_KIND_TRANSIENT) }

// Permanent marks an error that a person has to mend: the host stops the
// pipeline and shows it. It returns nil for nil.
func Permanent(err error) error { return classify(err, leatv1.FailureKind_FAILURE_KIND_PERMANENT) }

// Superseded marks an error that says that another process has taken the place of
// this one, as one that fences it: the host stops the pipeline for good, as it
// would take the place of the other in turn. It returns nil for nil.
func Superseded(err error) error { return classify(err, leatv1.FailureKind_FAILURE_KIND_SUPERSEDED) }

// IsTransient says whether err is to be tried again. The outermost mark counts;
// an error without a mark is tried again, within the host's restart budget.
func IsTransient(err error) bool {
	kind := failureKind(err)
	return kind != leatv1.FailureKind_FAILURE_KIND_PERMANENT && kind != leatv1.FailureKind_FAILURE_KIND_SUPERSEDED
}

// IsSuperseded says whether the outermost mark of err is Superseded.
func IsSuperseded(err error) bool {
	return failureKind(err) == leatv1.FailureKind_FAILURE_KIND_SUPERSEDED
}

// failureKind returns the outermost mark.
func failureKind(err error) leatv1.FailureKind {
	var c *classified
	if errors.As(err, &c) {
		return c.kind
	}
	return leatv1.FailureKind_FAILURE_KIND_UNSPECIFIED
}

func classify(err error, kind leatv1.FailureKind) error {
	if err == nil {
		return nil
	}
	return &classified{err: err, kind: kind}
}

type classified struct {
	err  error
	kind leatv1.FailureKind
}

func (c *classified) Error() string { return c.err.Error() }
func (c *classified) Unwrap() error { return c.err }
