//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// An account that cannot capture ends the source with a message that names the
// cure, or has it wait; and validate says the same before.
func TestSource_accounts(t *testing.T) {
	const rights = "SELECT, RELOAD, REPLICATION SLAVE, REPLICATION CLIENT ON *.*"
	tests := map[string]struct {
		create    []string // USER is replaced
		want      string   // in the error; empty where it works
		transient bool
	}{
		"OK active role":       {[]string{"CREATE USER USER IDENTIFIED BY 'x'", "GRANT leat_rights TO USER", "SET DEFAULT ROLE leat_rights TO USER"}, "", false},
		"role not active":      {[]string{"CREATE USER USER IDENTIFIED BY 'x'", "GRANT leat_rights TO USER"}, "SET DEFAULT ROLE", false},
		"expired password":     {[]string{"CREATE USER USER IDENTIFIED BY 'x' PASSWORD EXPIRE", "GRANT " + rights + " TO USER"}, "has expired: ALTER USER", false},
		"locked":               {[]string{"CREATE USER USER IDENTIFIED BY 'x' ACCOUNT LOCK", "GRANT " + rights + " TO USER"}, "ACCOUNT UNLOCK", false},
		"one connection":       {[]string{"CREATE USER USER IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 1", "GRANT " + rights + " TO USER"}, "MAX_USER_CONNECTIONS", true},
		"some columns":         {[]string{"CREATE USER USER IDENTIFIED BY 'x'", "GRANT RELOAD, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO USER", "GRANT SELECT(id, a) ON DB.t TO USER"}, "SELECT", false},
		"TLS required":         {[]string{"CREATE USER USER IDENTIFIED BY 'x' REQUIRE SSL", "GRANT " + rights + " TO USER"}, "REQUIRE SSL", false},
		"no client privilege":  {[]string{"CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, RELOAD, REPLICATION SLAVE ON *.* TO USER"}, "REPLICATION CLIENT", false},
		"no replica privilege": {[]string{"CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, RELOAD, REPLICATION CLIENT ON *.* TO USER"}, "REPLICATION SLAVE", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)", "INSERT INTO t VALUES (1, 2, 3)",
				"DROP USER IF EXISTS leat_account", "DROP ROLE IF EXISTS leat_rights", "CREATE ROLE leat_rights", "GRANT "+rights+" TO leat_rights")
			t.Cleanup(func() { b.exec("DROP USER IF EXISTS leat_account", "DROP ROLE IF EXISTS leat_rights") })
			for _, s := range tt.create {
				b.exec(strings.NewReplacer("USER USER", "USER leat_account", "TO USER", "TO leat_account", "DB.", b.db+".").Replace(s))
			}
			b.config.User, b.config.Password = config.NewText("leat_account"), config.NewSecret("x")
			faults := b.faults()
			if (len(faults) == 0) != (tt.want == "") {
				t.Errorf("validate says %q", faults)
			}
			if strings.Contains(strings.Join(faults, "\n"), "syntax") {
				t.Errorf("validate hides what is missing behind an older statement: %q", faults)
			}
			if tt.want == "" {
				x := b.start(newRecorder(1))
				x.expect(0, "r t {1 2 3}")
				x.reading()
				b.exec("INSERT INTO t VALUES (2, 3, 4)")
				x.expect(0, "r t {1 2 3}", "c t {2 3 4}")
				x.stop()
				return
			}
			err := b.readAll(t.Context(), newRecorder(1))
			if err == nil || !strings.Contains(err.Error(), tt.want) || sdk.IsTransient(err) != tt.transient || strings.Contains(err.Error(), "syntax") {
				t.Errorf("got %v, want %q, transient %v", err, tt.want, tt.transient)
			}
		})
	}
}

// faults are the findings of validate that are not OK, as "error grants: message".
func (b *bench) faults() []string {
	b.Helper()
	var out []string
	for _, f := range b.findings() {
		if f.Severity != sdk.OK {
			out = append(out, f.Severity.String()+" "+f.Check+": "+f.Message)
		}
	}
	return out
}
