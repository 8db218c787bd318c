package sdk

import "errors"

// Transient marks an error that may go away by itself: the host restarts the
// plugin with back-off and tries again. It returns nil for nil.
func Transient(err error) error { return classify(err, true) }

// Permanent marks an error that a person has to mend: the host stops the
// pipeline and shows it. It returns nil for nil.
func Permanent(err error) error { return classify(err, false) }

// IsTransient says whether err is to be tried again. The outermost mark counts;
// an error without a mark is tried again, within the host's restart budget.
func IsTransient(err error) bool {
	var c *classified
	if errors.As(err, &c) {
		return c.transient
	}
	return true
}

func classify(err error, transient bool) error {
	if err == nil {
		return nil
	}
	return &classified{err: err, transient: transient}
}

type classified struct {
	err       error
	transient bool
}

func (c *classified) Error() string { return c.err.Error() }
func (c *classified) Unwrap() error { return c.err }
