package preflight

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// origins checks whether what is written, here or on a server that this one
// replicates from, is in its log and is taken from there.
func (c *Checks) origins(conn *server.Conn, f *server.Facts) {
	upstreams, err := conn.Upstreams()
	switch {
	case err != nil && c.GTIDFilter:
		c.warn("replica", "gtid", "whether the server is a replica cannot be seen: "+err.Error(), "grant REPLICATION CLIENT (SLAVE MONITOR on MariaDB)")
	case len(upstreams) > 0:
		captured, _ := c.captured(conn) // without them no filter is known to be harmless
		c.upstreams(upstreams, f, captured)
	}
	if !c.GTIDFilter {
		return
	}
	if !f.ByGTID {
		c.fail("gtid", "gtid", "gtid.include and gtid.exclude have no effect: the server's transactions have no GTIDs of MySQL's kind", "remove them, or set gtid_mode=ON on the server")
		return
	}
	executed, _, err := conn.Sets()
	if err != nil {
		c.fail("gtid", "gtid", err.Error(), "")
		return
	}
	c.findings = append(c.findings, c.taken(f.UUID, executed.UUIDs(), len(upstreams) > 0))
}

// taken says whether anything passes gtid.include and gtid.exclude: of seen, the
// servers whose transactions are on this one, own is itself.
func (c *Checks) taken(own string, seen []gtid.UUID, replica bool) sdk.Finding {
	var passed, all []string
	left := false
	for _, u := range seen {
		all = append(all, u.String())
		if !c.Ignore(u) {
			passed = append(passed, u.String())
		}
	}
	if u, err := gtid.ParseUUID(own); err == nil {
		left = c.Ignore(u)
	}
	out := sdk.Finding{Severity: sdk.Error, Check: "gtid", Path: "gtid"}
	switch {
	case left && !replica:
		out.Message = fmt.Sprintf("whatever is written on this server is left out: its server_uuid %s does not pass gtid.include and gtid.exclude", own)
		out.Cure = "add " + own + " to gtid.include, or take it out of gtid.exclude, or remove both"
	case len(passed) == 0 && len(seen) > 0:
		out.Message = "no transaction of this server passes gtid.include and gtid.exclude; they are of " + strings.Join(all, ", ")
		out.Cure = "write the server_uuid of the servers that are written to, or remove both"
	case left:
		out.Severity = sdk.Warning
		out.Message = fmt.Sprintf("what is written on this replica itself is left out, also once it has become the primary: its server_uuid %s does not pass gtid.include and gtid.exclude", own)
		out.Cure = "add " + own + " to gtid.include, unless that is meant"
	default:
		out.Severity, out.Message = sdk.OK, "transactions are taken of "+strings.Join(passed, ", ")
	}
	return out
}

// filters of a replica, as SHOW REPLICA STATUS names them.
var filters = []string{"replicate_do_db", "replicate_ignore_db", "replicate_do_table", "replicate_ignore_table", "replicate_wild_do_table", "replicate_wild_ignore_table"}

func (c *Checks) upstreams(all []map[string]string, f *server.Facts, captured map[string]bool) {
	updates := f.Variables["log_replica_updates"] + f.Variables["log_slave_updates"]
	if strings.Contains(updates, "OFF") {
		c.fail("log_replica_updates", "host", "the server is a replica, and its log has nothing of what it replicates: log_replica_updates is OFF",
			"start it with log_replica_updates=ON (log_slave_updates on older servers), or read its source instead")
	}
	whole := broughtWhole(all, captured)
	for _, u := range all {
		for _, name := range filters {
			if u[name] != "" && (name != wildDo || !whole) {
				c.warn("replica filters", "host", fmt.Sprintf("the server is a replica that applies, and so logs, a part only: %s is %q", name, u[name]), "read its source instead, unless the captured tables are in that part")
			}
		}
	}
}

// wildDo is the filter by which a channel brings whole databases, as shop.%.
const wildDo = "replicate_wild_do_table"

// broughtWhole says whether each captured database is one that some channel brings whole.
func broughtWhole(all []map[string]string, captured map[string]bool) bool {
	brought := map[string]bool{}
	for _, u := range all {
		for pattern := range strings.SplitSeq(u[wildDo], ",") {
			if db, ok := strings.CutSuffix(strings.TrimSpace(pattern), ".%"); ok {
				brought[unescape.Replace(db)] = true
			}
		}
	}
	for db := range captured {
		if !brought[db] {
			return false
		}
	}
	return len(captured) > 0
}

// unescape takes a name out of a pattern. A wildcard in it stays, and so is no database's name.
var unescape = strings.NewReplacer(`\_`, "_", `\%`, "%")

// hidden names the captured databases that the server keeps out of its log.
func (c *Checks) hidden(conn *server.Conn, databases map[string]bool) {
	only, without, err := conn.LogFilters()
	if err != nil {
		return // the check of the position says why
	}
	var missing []string
	for db := range databases {
		if len(only) > 0 && !slices.Contains(only, db) || slices.Contains(without, db) {
			missing = append(missing, db)
		}
	}
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	c.fail("log filters", "include.databases", fmt.Sprintf("the server keeps %s out of its log (binlog_do_db %q, binlog_ignore_db %q): nothing of that is captured",
		strings.Join(missing, ", "), only, without), "start it without binlog_do_db and binlog_ignore_db")
}

// Hidden returns what keeps rows of captured tables from being captured, on a
// connection that is there.
func (c *Checks) Hidden(conn *server.Conn, f *server.Facts) []sdk.Finding {
	c.origins(conn, f)
	databases, err := c.captured(conn)
	if err != nil {
		c.warn("tables", "include", err.Error(), "grant SELECT on the captured tables")
	}
	c.hidden(conn, databases)
	return slices.DeleteFunc(c.findings, func(f sdk.Finding) bool { return f.Severity == sdk.OK })
}

// captured returns the databases with captured tables.
func (c *Checks) captured(conn *server.Conn) (map[string]bool, error) {
	all, err := conn.Tables()
	databases := map[string]bool{}
	for _, t := range all {
		if c.Filter.Table(t.Name) {
			databases[t.Name.Database] = true
		}
	}
	return databases, err
}
