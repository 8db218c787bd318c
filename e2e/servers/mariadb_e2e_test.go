//go:build e2e

package servers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMariaDB(t *testing.T) {
	t.Parallel()
	server, err := MariaDB(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, server.Process)
	if server.Flavor != FlavorMariaDB {
		t.Errorf("Flavor = %q, want %q", server.Flavor, FlavorMariaDB)
	}
	if err := server.Exec(t.Context(), "CREATE DATABASE shop", "CREATE TABLE shop.o (id INT PRIMARY KEY)", "INSERT INTO shop.o VALUES (7)"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"7"}, ask(t, server, "cdc", "cdc", "SELECT id FROM shop.o")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	got := ask(t, server, "app", "app", "SELECT CONCAT_WS(' ', @@binlog_format, @@binlog_row_image, @@binlog_row_metadata, @@gtid_strict_mode, @@time_zone)")
	if diff := cmp.Diff([]string{"ROW FULL FULL ON +00:00"}, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if position := ask(t, server, "cdc", "cdc", "SELECT @@gtid_binlog_pos"); len(position) != 1 || position[0] == "" {
		t.Errorf("gtid_binlog_pos = %q, want the position of three statements", position)
	}
}
