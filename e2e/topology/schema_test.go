//go:build e2e

package topology

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/core/status"
)

// schemasChange alters a table in a way that FULL compatibility accepts, and another in one that it
// refuses. All pipelines run in one leat: the refusal must end one of them alone.
func (s *site) schemasChange() {
	s.t.Helper()
	s.runs([]string{"shop", "billing", "stock"})
	s.exec(s.writers["shop"].server, "ALTER TABLE shop.orders ADD COLUMN remark VARCHAR(40) NULL")
	s.caughtUp("shop")
	s.waitFor("the new column", func() error {
		if !s.reader.has("shop.orders", "remark") {
			return errors.New("the topic's newest row lacks it")
		}
		return nil
	})

	const subject = topicPrefix + ".billing.invoices-value"
	said := s.log("billing")
	s.exec(s.billing, "ALTER TABLE billing.invoices MODIFY amount BIGINT NOT NULL DEFAULT 5")
	s.writesMore("billing")
	s.waitFor("the refusal", func() error { return s.refused("billing") })
	s.says("billing", said, subject)
	s.says("billing", said, "schema is incompatible")
	s.writesMore("billing", "shop", "stock")
	left := s.ledger.Cut().Of("billing")
	s.caughtUp("shop", "stock")
	if len(s.audit.Missing(left)) == 0 {
		s.t.Error("rows came of a schema that was refused")
	}

	// What the message says: the subject's level lower, and back. The pipeline that failed is run
	// anew by itself. A wider type is BACKWARD; NONE would have Apicurio go by its global level.
	s.compatibility(subject, "BACKWARD")
	s.has(left)
	s.compatibility(subject, "FULL")
	s.caughtUp("shop", "billing", "stock")
	for _, pipeline := range []string{"shop", "billing", "stock"} {
		s.ready(pipeline)
	}
}

// refused says whether a pipeline has failed.
func (s *site) refused(pipeline string) error {
	v, err := s.status(pipeline)
	if err != nil {
		return err
	}
	if v.State != status.Failed {
		return fmt.Errorf("%s is %s", pipeline, v.State)
	}
	return nil
}
