package preflight

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

func TestChecks_variables(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		variables map[string]string
		mariaDB   bool
		want      map[string]sdk.Severity // what is not OK
	}{
		"OK": {map[string]string{"log_bin": "ON", "binlog_format": "ROW", "binlog_row_image": "FULL", "binlog_row_value_options": "", "gtid_mode": "ON", "binlog_row_metadata": "FULL", "binlog_expire_logs_seconds": "2592000"}, false, map[string]sdk.Severity{}},
		"OK without variables that a later server has given up": {map[string]string{"log_bin": "ON"}, false, map[string]sdk.Severity{}},
		"OK on MariaDB":    {map[string]string{"gtid_mode": "OFF", "expire_logs_days": "10"}, true, map[string]sdk.Severity{}},
		"no log":           {map[string]string{"log_bin": "OFF"}, false, map[string]sdk.Severity{"log_bin": sdk.Error}},
		"statements":       {map[string]string{"binlog_format": "MIXED"}, false, map[string]sdk.Severity{"binlog_format": sdk.Error}},
		"minimal image":    {map[string]string{"binlog_row_image": "MINIMAL"}, false, map[string]sdk.Severity{"binlog_row_image": sdk.Error}},
		"partial JSON":     {map[string]string{"binlog_row_value_options": "PARTIAL_JSON"}, false, map[string]sdk.Severity{"binlog_row_value_options": sdk.Error}},
		"no GTIDs":         {map[string]string{"gtid_mode": "OFF_PERMISSIVE"}, false, map[string]sdk.Severity{"gtid_mode": sdk.Warning}},
		"minimal metadata": {map[string]string{"binlog_row_metadata": "MINIMAL"}, false, map[string]sdk.Severity{"binlog_row_metadata": sdk.Warning}},
		"short retention":  {map[string]string{"binlog_expire_logs_seconds": "3600"}, false, map[string]sdk.Severity{"retention": sdk.Warning}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var c Checks
			c.variables(&server.Facts{MariaDB: tt.mariaDB, Variables: tt.variables})
			got := map[string]sdk.Severity{}
			for _, f := range c.findings {
				if f.Severity == sdk.OK {
					continue
				}
				got[f.Check] = f.Severity
				if f.Cure == "" || f.Message == "" {
					t.Errorf("%s has no cure or no message: %+v", f.Check, f)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPrivileges(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		grants []string
		want   []string
	}{
		"OK":                 {[]string{"GRANT SELECT, RELOAD, REPLICATION SLAVE ON *.* TO `c`@`%`", "GRANT BACKUP_ADMIN ON *.* TO `c`@`%`"}, []string{"SELECT", "RELOAD", "REPLICATION SLAVE", "BACKUP_ADMIN"}},
		"OK MariaDB's names": {[]string{"GRANT REPLICATION REPLICA, BINLOG MONITOR ON *.* TO `c`@`%` IDENTIFIED BY PASSWORD '*X'"}, []string{"REPLICATION SLAVE", "REPLICATION CLIENT"}},
		"on a database only": {[]string{"GRANT SELECT ON `shop`.* TO `c`@`%`"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, privileges(tt.grants)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGrantsLock(t *testing.T) {
	t.Parallel()
	for grant, want := range map[string]bool{
		"GRANT SELECT, LOCK TABLES ON `shop`.* TO `c`@`%`": true,
		"GRANT ALL PRIVILEGES ON `shop`.* TO `c`@`%`":      true,
		"GRANT SELECT ON `lock tables`.* TO `c`@`%`":       false,
	} {
		if got := grantsLock([]string{grant}); got != want {
			t.Errorf("%s: got %v, want %v", grant, got, want)
		}
	}
}
