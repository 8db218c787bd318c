package ddl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// errDatabase is returned for what would be taken from a database whose own
// statement was not read.
var errDatabase = errors.New("the database's default character set is not known")

// resolve fills in what options leave out: a character set implies its default
// collation, a collation its character set, neither means the base.
func (m Mode) resolve(o Options, base Database) (Database, error) {
	charset, collation := table.CharsetName(o.Charset), table.CollationName(o.Collation)
	if charset == "default" {
		charset = base.Charset
		if collation == "" {
			collation = base.Collation
		}
	}
	switch {
	case charset == "" && (collation == "" || collation == "default"):
		return base, nil
	case charset == "":
		var ok bool
		if charset, ok = table.CollationCharset(collation); !ok {
			charset = base.Charset // MariaDB's uca1400_… take the character set around them
		}
	}
	if _, ok := table.LookupCharset(charset); !ok {
		return Database{}, fmt.Errorf("unknown character set %q", charset)
	}
	if collation == "" || collation == "default" {
		collation = m.defaultCollation(charset)
	}
	return Database{Charset: charset, Collation: collation}, nil
}

func (m Mode) defaultCollation(charset string) string {
	if charset == "utf8mb4" && m.UTF8MB4Collation != "" {
		return m.UTF8MB4Collation
	}
	if charset == "utf8mb4" && m.MariaDB {
		return "utf8mb4_general_ci"
	}
	c, _ := table.LookupCharset(charset)
	return c.Collation
}

// column gives the canonical form of a column in a table of the given defaults.
func (m Mode) column(d ColumnDef, base Database) (table.Column, error) {
	c := d.Clone()
	c.Nullable = d.nullable(m)
	var err error
	if !isText(c.Type) {
		c.Charset, c.Collation = "", ""
	} else if err = m.characters(&c, d.BinaryCollation, base); err != nil {
		return c, fmt.Errorf("column %q: %w", c.Name, err)
	}
	if c.Values, err = labelTexts(d.labels, c.Charset); err != nil {
		return c, fmt.Errorf("column %q: %w", c.Name, err)
	}
	canonicalSize(&c)
	return c, m.normalDefault(&c)
}

func (d *ColumnDef) nullable(m Mode) bool {
	if d.Null != nil {
		return *d.Null
	}
	return !m.ImplicitTimestamps || d.Type != "TIMESTAMP" || d.Generated != ""
}

// characters resolves the character set; the binary one makes other types of
// all but ENUM and SET.
func (m Mode) characters(c *table.Column, binary bool, base Database) error {
	r, err := m.resolve(Options{Charset: c.Charset, Collation: c.Collation}, base)
	if err != nil {
		return err
	}
	if r.Charset == "" {
		return errDatabase
	}
	if binary && c.Collation == "" && r.Charset != "binary" {
		r.Collation = r.Charset + "_bin"
	}
	c.Charset, c.Collation = r.Charset, r.Collation
	if r.Charset != "binary" || c.Type == "ENUM" || c.Type == "SET" {
		return nil
	}
	c.Charset, c.Collation = "", ""
	switch c.Type {
	case "CHAR":
		c.Type = "BINARY"
	case "VARCHAR":
		c.Type = "VARBINARY"
	default:
		c.Type = strings.Replace(c.Type, "TEXT", "BLOB", 1)
	}
	return nil
}

func isText(typ string) bool {
	switch typ {
	case "CHAR", "VARCHAR", "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "ENUM", "SET":
		return true
	}
	return false
}
