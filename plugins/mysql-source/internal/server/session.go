package server

import (
	"fmt"
	"strings"
)

// variable is a session variable that decides what a session reads, or whether
// it can read. Every session begins with the values that the administrator has
// set for the whole server, so that each is set whatever it is there.
type variable struct{ name, value string }

// common are the variables of every server from MySQL 5.6 and MariaDB 10 on.
// They are set before anything is asked: some cut the answer to any question.
var common = []variable{
	{"sql_mode", "''"},                           // quotes, backslashes and padding of CHAR are as we write and read them; SHOW CREATE TABLE is whole
	{"sql_select_limit", "18446744073709551615"}, // ends a result after so many rows, SHOW VARIABLES as well as a snapshot, and says nothing
	{"sql_big_selects", "1"},                     // refuses a SELECT that max_join_size seems too small for
	{"sql_safe_updates", "0"},                    // where it is on, MySQL limits SELECT too in the client's --safe-updates
	{"sql_buffer_result", "0"},                   // would have the server keep a whole table aside before its first row
	{"sql_auto_is_null", "0"},                    // gives IS NULL another meaning
	{"sql_quote_show_create", "1"},               // names in definitions are quoted, whatever is in them
	{"autocommit", "1"},                          // else a question opens a transaction, which fixes what later ones see
	{"completion_type", "0"},                     // COMMIT and ROLLBACK neither open a transaction nor end the connection
	{"time_zone", "'+00:00'"},                    // TIMESTAMPs and their defaults are UTC, as in the log
	{"lock_wait_timeout", "60"},                  // seconds for a table's definition while it is altered: neither none nor a year
	{"net_write_timeout", "3600"},                // a reader that its sinks slow down is not disconnected
	{"wait_timeout", "86400"},                    // nor is one that is busy with rows before it asks again
}

// special are those that only some servers have.
var special = []variable{
	{"max_execution_time", "0"},                                // MySQL ends a SELECT after so many milliseconds
	{"max_statement_time", "0"},                                // MariaDB, after so many seconds
	{"idle_transaction_timeout", "0"},                          // MariaDB ends the connection, and the snapshot's transaction with it
	{"idle_readonly_transaction_timeout", "0"},                 // likewise
	{"idle_write_transaction_timeout", "0"},                    // likewise
	{"system_versioning_asof", "DEFAULT"},                      // MariaDB reads rows as of a moment of the past; this value is the present whatever is set globally
	{"use_secondary_engine", "OFF"},                            // rows come from the engine that the log is of, not from a copy that lags behind
	{"wsrep_dirty_reads", "OFF"},                               // a Galera node that lost its cluster refuses rather than give old rows
	{"max_session_mem_used", "9223372036854775807"},            // MariaDB ends a query that needs more memory
	{"max_tmp_session_space_usage", "0"},                       // likewise of temporary files; 0 is no limit
	{"show_gipk_in_create_table_and_information_schema", "ON"}, // generated invisible keys are in the log, so they must be in definitions
	{"cte_max_recursion_depth", "1000"},                        // labels of an ENUM or SET are asked for by a recursion
	{"show_old_temporals", "OFF"},                              // adds comments to types in definitions
	{"show_create_table_verbosity", "OFF"},                     // adds options to them that were not given
}

// prepare makes a new connection independent of the settings of the server and
// of the user. What a server does not have is left out; any other error is one.
func (c *Conn) prepare() error {
	err := c.Do("SET NAMES utf8mb4", assign(common), "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE")
	if err != nil {
		return err
	}
	names := make([]string, len(special))
	for i, v := range special {
		names[i] = Literal(v.name)
	}
	rows, err := c.Ask("SHOW SESSION VARIABLES WHERE Variable_name IN (" + strings.Join(names, ", ") + ")")
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, r := range rows {
		there[strings.ToLower(r[0])] = true
	}
	var has []variable
	for _, v := range special {
		if there[v.name] {
			has = append(has, v)
		}
	}
	if len(has) == 0 {
		return nil
	}
	return c.Do(assign(has))
}

// assign writes the statement that sets variables.
func assign(list []variable) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = fmt.Sprintf("SESSION %s=%s", v.name, v.value)
	}
	return "SET " + strings.Join(parts, ", ")
}
