//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// key returns the key that validate blames for the connection.
func (b *bench) key() string {
	b.Helper()
	for _, f := range b.findings() {
		if f.Check == "connection" && f.Severity == sdk.Error {
			return f.Path
		}
	}
	return ""
}

// account makes one of the statements, on a server of either kind.
func (b *bench) account(create []string) {
	b.Helper()
	drop := []string{"DROP USER IF EXISTS leat_account", "DROP ROLE IF EXISTS leat_rights"}
	b.exec(append(drop, "CREATE ROLE leat_rights", "GRANT "+accountRights+" TO leat_rights")...)
	b.Cleanup(func() { b.exec(drop...) })
	for _, s := range create {
		b.exec(strings.NewReplacer("USER USER", "USER leat_account", "TO USER", "TO leat_account", "FOR USER", "FOR leat_account", "DB.", b.db+".").Replace(s))
	}
	b.config.User, b.config.Password = config.NewText("leat_account"), config.NewSecret("x")
}

const accountRights = "SELECT, RELOAD, REPLICATION SLAVE, REPLICATION CLIENT ON *.*"

// An account that cannot capture ends the source with a message that names the
// cure, or has it wait; and validate says the same before.
func TestSource_accounts(t *testing.T) {
	const rights = accountRights
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
		"certificate required": {[]string{"CREATE USER USER IDENTIFIED BY 'x' REQUIRE X509", "GRANT " + rights + " TO USER"}, "REQUIRE X509", false},
		"no client privilege":  {[]string{"CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, RELOAD, REPLICATION SLAVE ON *.* TO USER"}, "REPLICATION CLIENT", false},
		"no replica privilege": {[]string{"CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, RELOAD, REPLICATION CLIENT ON *.* TO USER"}, "REPLICATION SLAVE", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)", "INSERT INTO t VALUES (1, 2, 3)")
			b.account(tt.create)
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

// MariaDB has numbers and ways of its own for the same.
func TestSource_accountsOfMariaDB(t *testing.T) {
	const create, rights = "CREATE USER USER IDENTIFIED BY 'x'", "GRANT " + accountRights + " TO USER"
	b := benchOn(t, own(t, servers.MariaDB), "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)", "INSERT INTO t VALUES (1, 2, 3)")
	tests := map[string]struct {
		create    []string
		want, key string
		transient bool
	}{
		"OK":                   {[]string{create, rights}, "", "", false},
		"OK active role":       {[]string{create, "GRANT leat_rights TO USER", "SET DEFAULT ROLE leat_rights FOR USER"}, "", "", false},
		"role not active":      {[]string{create, "GRANT leat_rights TO USER"}, "SET DEFAULT ROLE", "", false},
		"wrong password":       {[]string{"CREATE USER USER IDENTIFIED BY 'y'", rights}, "check user and password", "password", false},
		"expired password":     {[]string{create + " PASSWORD EXPIRE", rights}, "has expired: ALTER USER", "password", false},
		"locked":               {[]string{create + " ACCOUNT LOCK", rights}, "ACCOUNT UNLOCK", "user", false},
		"one connection":       {[]string{create + " WITH MAX_USER_CONNECTIONS 1", rights}, "MAX_USER_CONNECTIONS", "", true},
		"TLS required":         {[]string{create + " REQUIRE SSL", rights}, "REQUIRE SSL", "tls.mode", false},
		"certificate required": {[]string{create + " REQUIRE X509", rights}, "REQUIRE X509", "password", false},
		"no client privilege":  {[]string{create, "GRANT SELECT, RELOAD, REPLICATION SLAVE ON *.* TO USER"}, "BINLOG MONITOR", "", false},
		"no replica privilege": {[]string{create, "GRANT SELECT, RELOAD, BINLOG MONITOR ON *.* TO USER"}, "REPLICATION SLAVE", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			sub := *b
			sub.T = t
			b := &sub
			b.account(tt.create)
			if got := b.key(); got != tt.key {
				t.Errorf("validate blames %q, want %q", got, tt.key)
			}
			if tt.want == "" {
				x := b.start(newRecorder(1))
				x.expect(0, "r t {1 2 3}")
				x.reading()
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
