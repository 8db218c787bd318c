package preflight

import (
	"fmt"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// rule is what a variable has to be. A server that does not have the variable
// is as the rule wants it: ROW is the only binlog_format from 9.x on, say.
type rule struct {
	name     string
	good     func(string) bool
	severity sdk.Severity
	cure     string
	// mysqlOnly rules are not for MariaDB.
	mysqlOnly bool
}

func is(want string) func(string) bool {
	return func(v string) bool { return strings.EqualFold(v, want) }
}

var rules = []rule{
	{"log_bin", is("ON"), sdk.Error, "start the server with log_bin", false},
	{"binlog_format", is("ROW"), sdk.Error, "set binlog_format=ROW on the server, and let no session change it", false},
	{"binlog_row_image", is("FULL"), sdk.Error, "set binlog_row_image=FULL on the server", false},
	{"binlog_row_value_options", func(v string) bool { return !strings.Contains(strings.ToUpper(v), "PARTIAL_JSON") }, sdk.Error, "set binlog_row_value_options='' on the server", false},
	{"gtid_mode", is("ON"), sdk.Warning, "set gtid_mode=ON and enforce_gtid_consistency=ON, so that the source can follow a failover to another server", true},
	{"binlog_row_metadata", is("FULL"), sdk.Warning, "set binlog_row_metadata=FULL, so that the log itself proves which definition a row was written with", false},
}

func (c *Checks) variables(f *server.Facts) {
	for _, r := range rules {
		value, there := f.Variables[r.name]
		switch {
		case !there || r.mysqlOnly && f.MariaDB:
		case r.good(value):
			c.ok(r.name, "", fmt.Sprintf("%s is %q", r.name, value))
		default:
			c.add(r.severity, r.name, "", fmt.Sprintf("%s is %q", r.name, value), r.cure)
		}
	}
	c.retention(f)
}

// shortRetention is how long a log should be kept at least, in seconds: a stop
// over a weekend must not end in a new snapshot.
const shortRetention = 3 * 24 * 3600

func (c *Checks) retention(f *server.Facts) {
	var seconds, days float64
	_, _ = fmt.Sscan(f.Variables["binlog_expire_logs_seconds"], &seconds) // absent is 0: for ever
	_, _ = fmt.Sscan(f.Variables["expire_logs_days"], &days)
	seconds = max(seconds, days*24*3600)
	if seconds == 0 || seconds >= shortRetention {
		c.ok("retention", "", "logs are kept for "+spoken(seconds))
		return
	}
	c.warn("retention", "", fmt.Sprintf("logs are kept for %s only: a longer stop of the pipeline needs a new snapshot", spoken(seconds)),
		fmt.Sprintf("set binlog_expire_logs_seconds to %d or more", shortRetention))
}

func spoken(seconds float64) string {
	switch {
	case seconds == 0:
		return "ever"
	case seconds < 2*24*3600:
		return fmt.Sprintf("%.1f hours", seconds/3600)
	}
	return fmt.Sprintf("%.0f days", seconds/(24*3600))
}
