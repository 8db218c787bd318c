package server

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// Facts are what a server says of itself. A variable that it does not have is
// the empty string.
type Facts struct {
	// UUID identifies the server; MariaDB, which has none, gets server_id instead.
	UUID    string
	Version string
	MariaDB bool
	// ByGTID says that every transaction has a GTID in MySQL's notation.
	ByGTID    bool
	Variables map[string]string
}

// wanted are the variables that matter to us.
var wanted = []string{
	"server_uuid", "server_id", "version", "gtid_mode", "enforce_gtid_consistency", "log_bin", "binlog_format",
	"binlog_row_image", "binlog_row_metadata", "binlog_row_value_options", "binlog_expire_logs_seconds",
	"expire_logs_days", "lower_case_table_names", "character_set_server", "collation_server",
	"log_slave_updates", "log_replica_updates", "binlog_transaction_compression", "read_only",
	"default_collation_for_utf8mb4", "max_allowed_packet", "system_time_zone", "innodb_native_foreign_keys",
}

// Facts asks for all of them.
func (c *Conn) Facts() (*Facts, error) {
	variables, err := c.Variables(wanted...)
	if err != nil {
		return nil, err
	}
	f := &Facts{Variables: variables}
	f.Version = f.Variables["version"]
	f.MariaDB = strings.Contains(strings.ToLower(f.Version), "mariadb")
	f.UUID = f.Variables["server_uuid"]
	if f.UUID == "" {
		f.UUID = "server_id-" + f.Variables["server_id"]
	}
	f.ByGTID = !f.MariaDB && strings.EqualFold(f.Variables["gtid_mode"], "ON")
	return f, nil
}

// FoldsNames says whether the server compares table names without case.
func (f *Facts) FoldsNames() bool {
	v := f.Variables["lower_case_table_names"]
	return v != "" && v != "0"
}

// LimitsEvents says whether the server sends no event of its log that is larger
// than its max_allowed_packet, and that is not at its most: from MySQL 5.7 on it does.
func (f *Facts) LimitsEvents() bool {
	var major, minor int
	_, _ = fmt.Sscanf(f.Version, "%d.%d", &major, &minor) // 0.0 is an old one
	return !f.MariaDB && (major < 5 || major == 5 && minor < 7) && f.Variables["max_allowed_packet"] != "1073741824"
}

// Defaults are those of a database that is created without its own.
func (f *Facts) Defaults() ddl.Database {
	return ddl.Database{Charset: f.Variables["character_set_server"], Collation: f.Variables["collation_server"]}
}

// Sets returns what was executed on the server, and what of that its log has no more.
func (c *Conn) Sets() (executed, purged *gtid.Set, err error) {
	rows, err := c.Ask("SELECT @@GLOBAL.gtid_executed, @@GLOBAL.gtid_purged")
	if err != nil {
		return nil, nil, err
	}
	if len(rows) != 1 {
		return nil, nil, fmt.Errorf("read gtid_executed: %d rows", len(rows))
	}
	if executed, err = gtid.ParseSet(rows[0][0]); err != nil {
		return nil, nil, fmt.Errorf("read gtid_executed: %w", err)
	}
	if purged, err = gtid.ParseSet(rows[0][1]); err != nil {
		return nil, nil, fmt.Errorf("read gtid_purged: %w", err)
	}
	return executed, purged, nil
}

// Log returns where the server writes its log next, and what is executed there;
// the set is nil unless byGTID.
func (c *Conn) Log(byGTID bool) (position.Place, *gtid.Set, error) {
	rows, err := c.Ask("SHOW BINARY LOG STATUS")
	if unknownStatement(err) { // before 8.2, and on MariaDB
		rows, err = c.Ask("SHOW MASTER STATUS")
	}
	if err != nil {
		return position.Place{}, nil, err
	}
	if len(rows) != 1 || len(rows[0]) < 2 {
		return position.Place{}, nil, errNoLog
	}
	at := position.Place{File: rows[0][0]}
	if _, err := fmt.Sscan(rows[0][1], &at.Pos); err != nil {
		return at, nil, fmt.Errorf("read position of the log %q: %w", rows[0][1], err)
	}
	if !byGTID {
		return at, nil, nil
	}
	set, err := gtid.ParseSet(rows[0][len(rows[0])-1])
	return at, set, err
}

// unknownStatement says whether a server does not know a statement, so that its
// older form is worth a try: what else is wrong with it must not be hidden.
func unknownStatement(err error) bool {
	var my *mysql.MyError
	return errors.As(err, &my) && my.Code == mysql.ER_PARSE_ERROR
}

// LogFile is one file of the log that the server still has.
type LogFile struct {
	Name string
	Size uint64
}

// LogFiles lists the files of the log, oldest first.
func (c *Conn) LogFiles() ([]LogFile, error) {
	rows, err := c.Ask("SHOW BINARY LOGS")
	if err != nil {
		return nil, err
	}
	out := make([]LogFile, len(rows))
	for i, r := range rows {
		out[i].Name = r[0]
		if _, err := fmt.Sscan(r[1], &out[i].Size); err != nil {
			return nil, fmt.Errorf("read size of log file %s: %w", r[0], err)
		}
	}
	return out, nil
}
