package server

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var errNoLog = errors.New("the server writes no binary log: start it with log_bin")

// Databases lists the databases with their defaults, those of the server itself
// left out.
func (c *Conn) Databases() (map[string]ddl.Database, error) {
	rows, err := c.Ask("SELECT schema_name, default_character_set_name, default_collation_name FROM information_schema.schemata WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')")
	if err != nil {
		return nil, err
	}
	out := make(map[string]ddl.Database, len(rows))
	for _, r := range rows {
		out[r[0]] = ddl.Database{Charset: r[1], Collation: r[2]}
	}
	return out, nil
}

// TableInfo is a table, and how many rows the server guesses it has.
type TableInfo struct {
	Name table.Name
	Rows uint64
	// Engine that stores it.
	Engine string
}

// Transactional says whether the table is read as of one moment in a transaction.
func (t *TableInfo) Transactional() bool {
	switch strings.ToUpper(t.Engine) {
	case "INNODB", "ROCKSDB", "TOKUDB", "XTRADB":
		return true
	}
	return false
}

// Tables lists the tables of all databases, those of MariaDB that keep their
// history included; views, sequences and the server's own are left out.
func (c *Conn) Tables() ([]TableInfo, error) {
	rows, err := c.Ask("SELECT table_schema, table_name, COALESCE(table_rows, 0), COALESCE(engine, '') FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY table_schema, table_name")
	if err != nil {
		return nil, err
	}
	out := make([]TableInfo, len(rows))
	for i, r := range rows {
		out[i].Name, out[i].Engine = table.Name{Database: r[0], Table: r[1]}, r[3]
		if _, err := fmt.Sscan(r[2], &out[i].Rows); err != nil {
			return nil, fmt.Errorf("read number of rows of table %s: %w", out[i].Name, err)
		}
	}
	return out, nil
}

// ErrUnread means that the server has the table, and that its definition cannot be read here.
var ErrUnread = errors.New("the definition cannot be read")

// cascade is a foreign key in a definition that changes rows of its own table.
var cascade = regexp.MustCompile("(?m)^ *CONSTRAINT `.*FOREIGN KEY.* ON (DELETE|UPDATE) (CASCADE|SET NULL|SET DEFAULT)")

// Cascades says whether the server changes rows of a table where those of
// another one are deleted or updated. information_schema does not show foreign
// keys to a user who may only SELECT.
func (c *Conn) Cascades(n table.Name) (bool, error) {
	rows, err := c.Ask("SHOW CREATE TABLE " + Quote(n.Database) + "." + Quote(n.Table))
	return err == nil && len(rows) == 1 && len(rows[0]) > 1 && cascade.MatchString(rows[0][1]), err
}

// Define reads a table's definition.
func (c *Conn) Define(n table.Name, mode ddl.Mode) (*table.Table, error) {
	rows, err := c.Ask("SHOW CREATE TABLE " + Quote(n.Database) + "." + Quote(n.Table))
	if err != nil {
		return nil, fmt.Errorf("read definition of table %s, which needs SELECT on all of it: %w", n, err)
	}
	if len(rows) != 1 || len(rows[0]) < 2 {
		return nil, fmt.Errorf("read definition of table %s: no answer", n)
	}
	t, err := ddl.ParseTable(n.Database, rows[0][1], mode)
	if err != nil {
		return nil, fmt.Errorf("read definition of table %s: %w: %w", n, ErrUnread, err)
	}
	if err := c.restore(t, mode.MariaDB); err != nil {
		return nil, fmt.Errorf("read definition of table %s: %w", n, err)
	}
	return t, nil
}
