package ddl

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// normalDefault gives a default its canonical form. One that cannot have it
// stays as written: rows do not depend on it, and the reader of defaults reports
// it. An error means that it hangs on what is not known of the session.
func (m Mode) normalDefault(c *table.Column) error {
	if c.AutoIncrement { // the server takes a default here and forgets it
		c.Default = nil
	}
	if c.Default == nil {
		return nil
	}
	if m.TruncateFraction && !m.shown {
		truncateFraction(c)
	}
	err := c.CanonicalDefault()
	if errors.Is(err, table.ErrCharset) {
		return err
	}
	if err == nil && c.Type == "TIMESTAMP" && c.Default.Kind == table.DefaultText {
		if c.Default.Text, err = m.toUTC(c.Default.Text); err != nil {
			return fmt.Errorf("default of column %q: %w", c.Name, err)
		}
	}
	return nil
}
