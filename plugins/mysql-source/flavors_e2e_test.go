//go:build e2e

package main

import (
	"testing"

	"github.com/leat-io/leat/e2e/servers"
)

// flavors start the servers that both must hold for.
var flavors = map[string]func(*testing.T) *servers.MySQLServer{
	"MySQL": func(t *testing.T) *servers.MySQLServer {
		server, err := shared()
		if err != nil {
			t.Fatal(err)
		}
		return server
	},
	"MariaDB": func(t *testing.T) *servers.MySQLServer {
		server, err := servers.MariaDB(t.Context(), servers.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = server.Close() })
		conn, err := server.DB(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Execute("SET GLOBAL binlog_row_metadata = FULL"); err != nil { // another test may have changed it
			t.Fatal(err)
		}
		return server
	},
}
