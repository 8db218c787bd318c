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
		return server
	},
}
