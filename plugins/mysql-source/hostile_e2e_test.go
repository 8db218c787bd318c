//go:build e2e

package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
)

// hostile are global values that an administrator may set for good reasons, and
// that cut, change or refuse what a session reads that does not mind.
var hostile = map[string]string{
	"sql_select_limit": "2", "sql_mode": "'ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE,IGNORE_SPACE,REAL_AS_FLOAT,NO_UNSIGNED_SUBTRACTION'",
	"sql_safe_updates": "1", "max_join_size": "1", "transaction_isolation": "'SERIALIZABLE'", "transaction_read_only": "1",
	"autocommit": "0", "completion_type": "2", "time_zone": "'+05:00'", "lock_wait_timeout": "1", "innodb_lock_wait_timeout": "1",
	"net_read_timeout": "1", "net_write_timeout": "1", "wait_timeout": "1", "sql_quote_show_create": "0", "sql_auto_is_null": "1",
	"character_set_client": "latin1", "character_set_results": "latin1", "character_set_connection": "latin1", "collation_connection": "latin1_bin",
	"sql_buffer_result": "1", "big_tables": "1", "max_sort_length": "64", "sort_buffer_size": "32768", "tmp_table_size": "1024",
	"group_concat_max_len": "4", "div_precision_increment": "0", "lc_time_names": "'ja_JP'", "lc_messages": "'de_DE'",
	"session_track_system_variables": "'*'", "session_track_transaction_info": "'CHARACTERISTICS'", "session_track_state_change": "1",
	"max_error_count": "0", "profiling": "1", "init_connect": "'SET sql_select_limit=1, autocommit=0, sql_mode=ANSI_QUOTES'",
}

var hostileMySQL = map[string]string{
	"max_execution_time": "1", "show_gipk_in_create_table_and_information_schema": "OFF", "show_create_table_verbosity": "ON",
	"use_secondary_engine": "", "information_schema_stats_expiry": "0", "terminology_use_previous": "'BEFORE_8_0_26'",
	"session_track_gtids": "'ALL_GTIDS'", "default_collation_for_utf8mb4": "'utf8mb4_general_ci'", "optimizer_switch": "'prefer_ordering_index=off,derived_merge=off'",
}

var hostileMariaDB = map[string]string{
	"max_statement_time": "0.05", "system_versioning_asof": "'2020-01-01 00:00:00'", "idle_transaction_timeout": "1",
	"idle_readonly_transaction_timeout": "1", "old_mode": "'ZERO_DATE_TIME_CAST'",
	"sql_mode": "'ORACLE,EMPTY_STRING_IS_NULL,PAD_CHAR_TO_FULL_LENGTH,TIME_ROUND_FRACTIONAL'",
}

// Whatever the globals are, a snapshot has all rows as they are, and so has the
// stream: with each value alone and with all of them at once.
func TestSource_hostileGlobals(t *testing.T) {
	tests := map[string]struct {
		start func(context.Context, servers.Options) (*servers.MySQLServer, error)
		more  map[string]string
	}{"MySQL": {servers.MySQL, hostileMySQL}, "MariaDB": {servers.MariaDB, hostileMariaDB}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			server, err := tt.start(t.Context(), servers.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
			all := maps.Clone(hostile)
			maps.Copy(all, tt.more)
			delete(all, "use_secondary_engine") // no server here has another engine
			for _, v := range slices.Sorted(maps.Keys(all)) {
				t.Run(v, func(t *testing.T) { hostileRun(t, server, map[string]string{v: all[v]}) })
			}
			t.Run("all", func(t *testing.T) { hostileRun(t, server, all) })
		})
	}
}

func hostileRun(t *testing.T, server *servers.MySQLServer, globals map[string]string) {
	t.Helper()
	friendly := []string{"SET SESSION TRANSACTION READ WRITE", "SET SESSION autocommit=1", "SET NAMES utf8mb4", "SET SESSION sql_mode='', SESSION time_zone='+00:00', SESSION wait_timeout=60, SESSION sql_big_selects=1 /*M! , SESSION max_statement_time=0 */"}
	b := benchOn(t, server)
	t.Cleanup(func() {
		for v := range globals {
			b.exec("SET GLOBAL " + v + "=DEFAULT")
		}
		b.exec("SET GLOBAL time_zone='+00:00'")
	})
	b.exec(friendly[2], friendly[3], "CREATE TABLE a (id INT PRIMARY KEY, c CHAR(5), e CHAR(3) NOT NULL, ts TIMESTAMP NULL, b BIGINT) DEFAULT CHARSET utf8mb4")
	var snapshot, all []string
	row := func(i int) string { return fmt.Sprintf(`(%d, 'ü\\%d', '', '2024-06-01 12:00:00', -9)`, i, i) }
	for i := range 5 {
		b.exec(friendly[2], friendly[3], "INSERT INTO a VALUES "+row(i))
	}
	truth := func(op string, i int) string {
		return fmt.Sprintf(`%s a {%d ü\%d  2024-06-01T12:00:00Z -9}`, op, i, i)
	}
	for i := range 5 {
		snapshot = append(snapshot, truth("r", i))
	}
	for v, value := range globals {
		b.exec("SET GLOBAL " + v + "=" + value)
	}
	x := b.start(newRecorder(1))
	x.expect(0, snapshot...)
	x.reading()
	b.exec(append(slices.Clone(friendly), "INSERT INTO a VALUES "+row(10))...)
	all = append(slices.Clone(snapshot), truth("c", 10))
	x.expect(0, all...)
	b.exec(append(slices.Clone(friendly), "ALTER TABLE a DROP COLUMN e, ADD z INT", "UPDATE a SET z = 1 WHERE id = 0")...)
	x.until(func() bool { return len(x.texts(0, 0)) == len(all)+1 })
	if got := x.texts(0, len(all)); !strings.HasPrefix(got[0], "u a") {
		t.Errorf("got %s", got)
	}
	x.stop()
	for _, f := range b.findings() {
		if f.Severity == sdk.Error {
			t.Errorf("validate says %+v", f)
		}
	}
}
