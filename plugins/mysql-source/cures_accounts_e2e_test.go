//go:build e2e

package main

import (
	"testing"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk/config"
)

// Accounts that may not log in, or not do what is needed.
func TestCures_accounts(t *testing.T) {
	const user, rights = "CREATE USER USER IDENTIFIED BY 'x'", "GRANT " + accountRights + " TO USER"
	account := func(create ...string) func(*bench, *recorder) {
		return func(b *bench, _ *recorder) {
			b.Helper()
			b.account(create)
		}
	}
	tables := []string{"CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)", end}
	row := []string{"r a {1}"}
	password := func(text string) step { return set(func(b *bench) { b.config.Password = config.NewSecret(text) }) }
	followed(t, map[string]ailment{
		"wrong password": {
			tables: tables, atOnce: true, run: account("CREATE USER USER IDENTIFIED BY 'y'", rights),
			says: []string{"check user and password"}, never: "REQUIRE SSL",
			cures: map[string]remedy{"the right one": {password("y"), row}},
		},
		"TLS required": {
			tables: tables, atOnce: true, run: account(user+" REQUIRE SSL", rights),
			says: []string{"REQUIRE SSL", "tls.mode"}, never: "check user and password",
			cures: map[string]remedy{"required": {set(func(b *bench) { b.config.TLS.Mode = "required" }), row}},
		},
		"expired password": {
			tables: tables, atOnce: true, run: account(user+" PASSWORD EXPIRE", rights),
			says: []string{"ALTER USER \"leat_account\" IDENTIFIED BY a new one, with PASSWORD EXPIRE NEVER"}, never: "check user and password",
			cures: map[string]remedy{"a new one": {then(mend("ALTER USER leat_account IDENTIFIED BY 'new' PASSWORD EXPIRE NEVER"), password("new")), row}},
		},
		"locked": {
			tables: tables, atOnce: true, run: account(user+" ACCOUNT LOCK", rights),
			says: []string{"ALTER USER \"leat_account\" ACCOUNT UNLOCK"}, never: "check user and password",
			cures: map[string]remedy{"unlock": {mend(`ALTER USER leat_account ACCOUNT UNLOCK`), row}},
		},
		"locked after failures": {
			tables: tables, atOnce: true,
			run: func(b *bench, _ *recorder) {
				b.account([]string{user + " FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME UNBOUNDED", rights})
				b.config.Password = config.NewSecret("wrong")
				_ = b.faults()
				b.config.Password = config.NewSecret("x")
			},
			says:  []string{"check password, then ALTER USER \"leat_account\" ACCOUNT UNLOCK"},
			cures: map[string]remedy{"unlock": {mend("ALTER USER leat_account ACCOUNT UNLOCK"), row}},
		},
		"role not active": {
			tables: tables, atOnce: true, run: account(user, "GRANT leat_rights TO USER"),
			says: []string{"SET DEFAULT ROLE ALL TO the user"}, never: "syntax",
			cures: map[string]remedy{"set it": {mend("SET DEFAULT ROLE ALL TO leat_account"), row}},
		},
		"no privilege for the log": {
			tables: tables, atOnce: true, run: account(user, "GRANT SELECT, RELOAD, REPLICATION SLAVE ON *.* TO USER"),
			says: []string{"REPLICATION CLIENT", "grant the user that privilege"}, never: "syntax",
			cures: map[string]remedy{"grant": {mend("GRANT REPLICATION CLIENT ON *.* TO leat_account"), row}},
		},
		"no privilege to read it": {
			tables: tables, run: account(user, "GRANT SELECT, RELOAD, REPLICATION CLIENT ON *.* TO USER"),
			says: []string{"REPLICATION SLAVE"}, never: "syntax",
			cures: map[string]remedy{"grant": {mend("GRANT REPLICATION SLAVE ON *.* TO leat_account"), row}},
		},
		"no lock": {
			tables: tables, atOnce: true, run: account(user, "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO USER"),
			says: []string{"grant it RELOAD (or FLUSH_TABLES), or LOCK TABLES"},
			cures: map[string]remedy{
				"RELOAD":       {mend("GRANT RELOAD ON *.* TO leat_account"), row},
				"FLUSH_TABLES": {mend("GRANT FLUSH_TABLES ON *.* TO leat_account"), row},
				"LOCK TABLES":  {mend("GRANT LOCK TABLES ON *.* TO leat_account"), row},
			},
		},
		"one connection": {
			tables: tables, atOnce: true, again: true, run: account(user+" WITH MAX_USER_CONNECTIONS 1", rights),
			says:  []string{"ALTER USER \"leat_account\" WITH MAX_USER_CONNECTIONS"},
			cures: map[string]remedy{"none": {mend("ALTER USER leat_account WITH MAX_USER_CONNECTIONS 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_QUERIES_PER_HOUR 0"), row}, "five": {mend("ALTER USER leat_account WITH MAX_USER_CONNECTIONS 5"), row}},
		},
		"few queries": {
			tables: tables, atOnce: true, again: true, run: account(user+" WITH MAX_QUERIES_PER_HOUR 3", rights),
			says:  []string{"has used up a limit of its account"},
			cures: map[string]remedy{"none": {mend("ALTER USER leat_account WITH MAX_USER_CONNECTIONS 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_QUERIES_PER_HOUR 0"), row}},
		},
		"init_connect": {
			tables: tables, atOnce: true,
			run: func(b *bench, _ *recorder) {
				b.account([]string{user, rights})
				b.exec("SET GLOBAL init_connect='INSERT INTO nowhere.at_all VALUES (1)'")
				b.Cleanup(func() { b.exec("SET GLOBAL init_connect=''") })
			},
			says:  []string{"init_connect"},
			cures: map[string]remedy{"mend it": {mend("SET GLOBAL init_connect=''"), row}},
		},
		"no TLS": {
			tables: tables, atOnce: true,
			on:    func(t *testing.T) *bench { t.Helper(); return benchOn(t, own(t, servers.MySQL, "--tls_version=")) },
			run:   func(b *bench, _ *recorder) { b.config.TLS.Mode = "required" },
			says:  []string{"the server offers no TLS", "tls.mode to disabled"},
			cures: map[string]remedy{"disabled": {set(func(b *bench) { b.config.TLS.Mode = "disabled" }), row}},
		},
	})
}
