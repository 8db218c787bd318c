package ddl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// normalDefault gives a default its canonical form. One that cannot have it
// stays as written: rows do not depend on it, and the reader of defaults reports
// it. An error means that it hangs on what is not known of the session.
func (m Mode) normalDefault(c *table.Column) error {
	if c.AutoIncrement || !m.MariaDB && c.Default != nil && c.Default.Kind != table.DefaultExpr && isLong(c.Type) {
		c.Default = nil // the server takes a default here and forgets it
	}
	if c.Default == nil {
		return nil
	}
	if m.TruncateFraction && !m.shown {
		truncateFraction(c)
	}
	err := c.CanonicalDefault()
	if errors.Is(err, table.ErrCharset) && !m.shown {
		return err
	}
	if err == nil && c.Type == "TIMESTAMP" && c.Default.Kind == table.DefaultText {
		if c.Default.Text, err = m.toUTC(c.Default.Text); err != nil {
			return fmt.Errorf("default of column %q: %w", c.Name, err)
		}
	}
	return nil
}

// isLong reports whether MySQL lets a column have an expression as its default and
// no literal but the empty one, which it leaves out.
func isLong(typ string) bool { return strings.HasSuffix(typ, "TEXT") || strings.HasSuffix(typ, "BLOB") }
