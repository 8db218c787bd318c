package preflight

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// global matches a grant on everything.
var global = regexp.MustCompile(`(?i)^GRANT (.*) ON \*\.\* TO `)

// MariaDB's names of the same privileges.
var synonyms = map[string]string{
	"REPLICATION REPLICA": "REPLICATION SLAVE", "BINLOG MONITOR": "REPLICATION CLIENT", "SLAVE MONITOR": "", "REPLICA MONITOR": "",
}

// privileges returns those that the user has on everything, in upper case.
func privileges(grants []string) []string {
	var out []string
	for _, g := range grants {
		m := global.FindStringSubmatch(g)
		if m == nil {
			continue
		}
		for p := range strings.SplitSeq(m[1], ",") {
			p = strings.ToUpper(strings.TrimSpace(p))
			if s, ok := synonyms[p]; ok {
				p = s
			}
			out = append(out, p)
		}
	}
	return out
}

func (c *Checks) grants(conn *server.Conn) {
	rows, err := conn.Ask("SHOW GRANTS")
	if err != nil {
		c.warn("grants", "user", err.Error(), "")
		return
	}
	var grants []string
	for _, r := range rows {
		grants = append(grants, r[0])
	}
	have := privileges(grants)
	has := func(p string) bool {
		return slices.Contains(have, p) || slices.Contains(have, "ALL PRIVILEGES") || slices.Contains(have, "ALL")
	}
	var missing []string
	for _, p := range []string{"REPLICATION SLAVE", "REPLICATION CLIENT"} {
		if !has(p) {
			missing = append(missing, p)
		}
	}
	switch {
	case len(missing) > 0:
		c.fail("grants", "user", fmt.Sprintf("user %s lacks %s", c.Server.User.Shown(), strings.Join(missing, " and ")),
			fmt.Sprintf("GRANT %s ON *.* TO '%s'@'…'", strings.Join(missing, ", "), c.Server.User.Shown()))
	case !has("RELOAD") && !has("FLUSH_TABLES") && !grantsLock(grants):
		c.fail("grants", "user", fmt.Sprintf("user %s has none of RELOAD, FLUSH_TABLES and LOCK TABLES, and so cannot begin a snapshot, nor one without rows (snapshot.mode: no_data)", c.Server.User.Shown()),
			fmt.Sprintf("GRANT RELOAD ON *.* TO '%s'@'…', or LOCK TABLES on the captured databases", c.Server.User.Shown()))
	default:
		c.ok("grants", "user", fmt.Sprintf("user %s may read the log and begin a snapshot", c.Server.User.Shown()))
	}
}

// grantsLock says whether LOCK TABLES is granted anywhere; on which tables, the
// server decides when it comes to it.
func grantsLock(grants []string) bool {
	return slices.ContainsFunc(grants, func(g string) bool {
		head, _, _ := strings.Cut(strings.ToUpper(g), " ON ")
		return strings.Contains(head, "LOCK TABLES") || strings.Contains(head, "ALL PRIVILEGES")
	})
}
