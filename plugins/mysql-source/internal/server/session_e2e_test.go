//go:build e2e

package server

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk/config"
)

// Every variable that a session of a real server has is set, or is known to be
// harmless: one that a new version brings has to be looked at.
func TestSession_realServers(t *testing.T) {
	tests := map[string]struct {
		start func(context.Context, servers.Options) (*servers.MySQLServer, error)
		ask   string
	}{
		"MySQL":   {servers.MySQL, "SELECT variable_name FROM performance_schema.variables_by_thread WHERE thread_id = PS_CURRENT_THREAD_ID() UNION SELECT variable_name FROM performance_schema.variables_metadata WHERE variable_scope LIKE 'SESSION%'"},
		"MariaDB": {servers.MariaDB, "SELECT variable_name FROM information_schema.system_variables WHERE variable_scope LIKE 'SESSION%'"},
	}
	known := harmless(t)
	for _, v := range set() {
		known[v.name] = true
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, tt.start)
			root, err := s.settings(s.User, s.Password).Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = root.Close() }()
			rows, err := root.Ask(tt.ask)
			if err != nil || len(rows) < 100 {
				t.Fatalf("%d variables, %v", len(rows), err)
			}
			for _, r := range rows {
				if v := strings.ToLower(r[0]); !known[v] {
					t.Errorf("%s is neither set in session.go nor explained in testdata/variables.txt", v)
				}
			}
		})
	}
}

// A user without any privilege can have its session prepared, and what it reads
// back is what was set.
func TestSession_prepared(t *testing.T) {
	for name, start := range map[string]func(context.Context, servers.Options) (*servers.MySQLServer, error){"MySQL": servers.MySQL, "MariaDB": servers.MariaDB} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, start)
			if err := s.Exec(t.Context(), "CREATE USER leat_nobody IDENTIFIED BY 'x'",
				"SET GLOBAL sql_select_limit=1", "SET GLOBAL sql_mode='ANSI_QUOTES'", "SET GLOBAL time_zone='+05:00'", "SET GLOBAL init_connect='SET autocommit=0'"); err != nil {
				t.Fatal(err)
			}
			c, err := s.settings("leat_nobody", "x").Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			got, err := c.Ask("SELECT CONCAT_WS(' ', @@sql_select_limit, @@sql_mode, @@time_zone, @@autocommit IN (1, 'ON')) UNION SELECT 'a second row'")
			if err != nil || len(got) != 2 || got[0][0] != "18446744073709551615  +00:00 1" {
				t.Errorf("got %q, %v", got, err)
			}
			if err := c.Do(assign([]variable{{"no_such_variable", "1"}})); err == nil {
				t.Error("a variable that cannot be set is no error")
			}
			if err := s.Exec(t.Context(), "SET GLOBAL init_connect='SET no_such_variable=1'"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.settings("leat_nobody", "x").Connect(t.Context()); err == nil || !strings.Contains(err.Error(), "init_connect") {
				t.Errorf("got %v from a server whose init_connect fails", err)
			}
		})
	}
}

type testServer struct{ *servers.MySQLServer }

func startServer(t *testing.T, start func(context.Context, servers.Options) (*servers.MySQLServer, error)) testServer {
	t.Helper()
	s, err := start(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return testServer{s}
}

func (s testServer) settings(user, password string) *Settings {
	return &Settings{Host: s.Host, Port: s.Port, User: config.NewText(user), Password: config.NewSecret(password), Timeout: 10 * time.Second}
}
