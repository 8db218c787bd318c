package tablemap

import (
	"errors"
	"fmt"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var (
	errAmbiguous = errors.New("type that the log does not tell from others")
	errHidden    = errors.New("column that the server may have added by itself")
)

// certain says what a column that only the event tells of may be otherwise. The
// log has columns that no statement named: of system-versioned tables, of unique
// keys over long text, of functional indexes. To it a UUID or an address of
// MariaDB is bytes.
func certain(c *table.Column, mariaDB bool) error {
	switch {
	case strings.HasPrefix(c.Name, "!hidden!"):
		return errHidden
	case !mariaDB:
		return nil
	case c.Name == "row_start", c.Name == "row_end", strings.HasPrefix(c.Name, "DB_ROW_HASH_"):
		return errHidden
	case c.Type == "BINARY" && (c.Length == 16 || c.Length == 4):
		return fmt.Errorf("BINARY(%d), UUID, INET6 or INET4: %w", c.Length, errAmbiguous)
	}
	return nil
}
