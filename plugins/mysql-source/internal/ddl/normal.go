package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// normalDefault gives a default its canonical form. One that cannot have it (a
// literal in a character set that is not read here) stays as written: rows do
// not depend on it, and the reader of defaults reports it.
func normalDefault(c *table.Column) {
	if c.AutoIncrement { // the server takes a default here and forgets it
		c.Default = nil
	}
	_ = c.CanonicalDefault()
}
