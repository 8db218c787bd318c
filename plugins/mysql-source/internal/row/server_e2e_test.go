//go:build e2e

package row_test

import (
	"testing"

	"github.com/go-mysql-org/go-mysql/client"
)

func connect(t *testing.T) *client.Conn {
	t.Helper()
	conn, err := server.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	for _, s := range []string{"SET NAMES utf8mb4", "SET SESSION cte_max_recursion_depth=100000"} {
		if _, err := conn.Execute(s); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

func charsetNames(t *testing.T, conn *client.Conn) []string {
	t.Helper()
	r, err := conn.Execute("SELECT character_set_name FROM information_schema.character_sets WHERE character_set_name<>'binary' ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range r.Values {
		name, err := r.GetString(i, 0)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}
