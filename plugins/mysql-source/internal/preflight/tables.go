package preflight

import (
	"fmt"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// tables checks that something is captured, and that all of it can be.
func (c *Checks) tables(conn *server.Conn, f *server.Facts) {
	all, err := conn.Tables()
	if err != nil {
		c.fail("tables", "include", err.Error(), "grant SELECT on the captured tables")
		return
	}
	databases := map[string]bool{}
	var captured []table.Name
	for _, t := range all {
		if !c.Filter.Table(t.Name) {
			continue
		}
		captured = append(captured, t.Name)
		databases[t.Name.Database] = true
		c.table(conn, f, t)
	}
	if len(captured) == 0 {
		c.fail("tables", "include", fmt.Sprintf("none of the %d tables that user %s can see is captured", len(all), c.Server.User.Shown()), `mend the patterns: they must match the whole name, as in shop\.orders; or grant SELECT`)
		return
	}
	c.ok("tables", "include", fmt.Sprintf("%d of %d tables are captured", len(captured), len(all)))
	c.hidden(conn, databases)
	c.cascades(conn, f, captured)
}

// table checks that a captured one can be read, and what its rows lack.
func (c *Checks) table(conn *server.Conn, f *server.Facts, t server.TableInfo) {
	name := "table " + t.Name.String()
	def, err := conn.Define(t.Name, ddl.Mode{MariaDB: f.MariaDB})
	var plan *row.Plan
	if err == nil {
		plan, err = row.Compile(def, c.Filter.Columns(t.Name))
	}
	if err == nil {
		err = c.readable(conn, f, def)
	}
	if err == nil { // a privilege may be for some columns only
		_, err = conn.Ask("SELECT " + plan.SelectList() + " FROM " + server.Quote(t.Name.Database) + "." + server.Quote(t.Name.Table) + " LIMIT 0")
	}
	if err != nil {
		c.fail(name, "include.tables", err.Error(), "grant SELECT on it, or exclude the table or its column")
		return
	}
	if len(def.Key) == 0 {
		c.warn(name, "include.tables", fmt.Sprintf("table %s has no key: its records have none either, and equal rows cannot be told apart", t.Name), "add a primary key")
	}
	if !t.Transactional() {
		c.warn(name, "include.tables", fmt.Sprintf("table %s is stored by %s, without transactions: rows that change during a snapshot may come twice, and what a failed statement leaves behind, or a restart takes away, is not in the log", t.Name, t.Engine), "ALTER TABLE … ENGINE=InnoDB")
	}
}

// cascades names captured tables whose rows change without a trace in the log.
func (c *Checks) cascades(conn *server.Conn, f *server.Facts, captured []table.Name) {
	if logsCascades(f) {
		return
	}
	var hit []table.Name
	for _, t := range captured {
		if yes, _ := conn.Cascades(t); yes { // that it cannot be read was found before
			hit = append(hit, t)
		}
	}
	if len(hit) > 0 {
		c.warn("foreign keys", "include.tables", fmt.Sprintf("rows of %s change or go by ON DELETE or ON UPDATE of their foreign keys, which this server does not log: such changes are not captured", some(hit)),
			"have the application change these rows itself, or use MySQL 9.6 or later")
	}
}

// logsCascades says whether the server writes rows that foreign keys change: MySQL
// does so from 9.6 on, unless InnoDB is told to do it alone.
func logsCascades(f *server.Facts) bool {
	var major, minor int
	_, _ = fmt.Sscanf(f.Version, "%d.%d", &major, &minor) // a version that cannot be read is an old one
	return !f.MariaDB && (major > 9 || major == 9 && minor >= 6) && f.Variables["innodb_native_foreign_keys"] != "ON"
}

// shown is how many names a message has at most.
const shown = 10

// some lists names, and counts those that are too many to list.
func some(names []table.Name) string {
	var parts []string
	for _, n := range names[:min(len(names), shown)] {
		parts = append(parts, n.String())
	}
	if more := len(names) - shown; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}
