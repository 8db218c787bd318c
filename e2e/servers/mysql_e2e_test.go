//go:build e2e

package servers

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/google/go-cmp/cmp"
)

func startMySQL(t *testing.T, opts Options) *MySQLServer {
	t.Helper()
	server, err := MySQL(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, server.Process)
	return server
}

func closeAtEnd(t *testing.T, p *Process) {
	t.Helper()
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
}

// ask returns the first column of all rows as text.
func ask(t *testing.T, server *MySQLServer, user, password, query string) []string {
	t.Helper()
	conn, err := client.ConnectWithContext(t.Context(), server.Addr(), user, password, "", dialLimit)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	result, err := conn.Execute(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer result.Close()
	var rows []string
	for i := range result.RowNumber() {
		value, err := result.GetString(i, 0)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, value)
	}
	return rows
}

func TestMySQL(t *testing.T) {
	t.Parallel()
	server := startMySQL(t, Options{})
	if err := server.Exec(t.Context(), "CREATE DATABASE shop", "CREATE TABLE shop.o (id INT PRIMARY KEY)", "INSERT INTO shop.o VALUES (7)"); err != nil {
		t.Fatal(err)
	}

	t.Run("cdc reads rows and the binlog", func(t *testing.T) {
		if diff := cmp.Diff([]string{"7"}, ask(t, server, "cdc", "cdc", "SELECT id FROM shop.o")); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if logs := ask(t, server, "cdc", "cdc", "SHOW BINARY LOGS"); len(logs) == 0 {
			t.Error("no binary logs")
		}
	})
	t.Run("cdc can't write", func(t *testing.T) {
		conn, err := client.ConnectWithContext(t.Context(), server.Addr(), "cdc", "cdc", "", dialLimit)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Execute("DELETE FROM shop.o"); err == nil {
			t.Error("DELETE by cdc passed")
		}
	})
	t.Run("settings", func(t *testing.T) {
		got := ask(t, server, "app", "app", "SELECT CONCAT_WS(' ', @@gtid_mode, @@binlog_format, @@binlog_row_image, @@binlog_row_metadata, @@time_zone)")
		if diff := cmp.Diff([]string{"ON ROW FULL FULL +00:00"}, got); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
	})
}

func TestMySQLStartsClean(t *testing.T) {
	t.Parallel()
	one, two := startMySQL(t, Options{Flags: []string{"--server-id=77"}}), startMySQL(t, Options{Dir: t.TempDir()})
	if diff := cmp.Diff([]string{""}, ask(t, one, "root", "", "SELECT @@gtid_executed")); diff != "" {
		t.Errorf("gtid_executed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"77"}, ask(t, one, "root", "", "SELECT @@server_id")); diff != "" {
		t.Errorf("server_id (-want +got):\n%s", diff)
	}
	uuid := "SELECT @@server_uuid"
	if cmp.Equal(ask(t, one, "root", "", uuid), ask(t, two, "root", "", uuid)) {
		t.Error("both servers have the same UUID")
	}
}

func TestMySQLKeepsItsDataOverACrash(t *testing.T) {
	t.Parallel()
	server := startMySQL(t, Options{})
	if err := server.Exec(t.Context(), "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)", "INSERT INTO d.t VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	pid := server.Pid()
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if alive(pid) {
		t.Fatalf("pid %d is alive after Kill", pid)
	}
	if err := server.Exec(t.Context(), "SELECT 1"); err == nil {
		t.Fatal("the killed server answers")
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1"}, ask(t, server, "root", "", "SELECT id FROM d.t")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestExternalMySQL(t *testing.T) {
	server := startMySQL(t, Options{})
	if err := server.Exec(t.Context(), "DROP USER cdc@'%'", "ALTER USER root@'127.0.0.1' IDENTIFIED BY 'p@ss:word'"); err != nil {
		t.Fatal(err)
	}
	t.Setenv(EnvMySQL, "root:p@ss:word@"+server.Addr())
	given := startMySQL(t, Options{})
	if diff := cmp.Diff([]string{"1"}, ask(t, given, "cdc", "cdc", "SELECT 1")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if given.Flavor != FlavorMySQL || given.CaptureUser != "cdc" {
		t.Errorf("Flavor %q, CaptureUser %q, want %q and cdc", given.Flavor, given.CaptureUser, FlavorMySQL)
	}
}

func TestStartGivesUp(t *testing.T) {
	t.Parallel()
	t.Run("ErrFlag", func(t *testing.T) {
		t.Parallel()
		_, err := MySQL(t.Context(), Options{Flags: []string{"--no-such-flag"}})
		if err == nil || !contains(err, "no-such-flag") {
			t.Fatalf("MySQL = %v, want what mysqld said", err)
		}
	})
	t.Run("ErrContext", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if _, err := MySQL(ctx, Options{}); err == nil {
			t.Fatal("MySQL started within 10 ms")
		}
	})
	t.Run("ErrPort", func(t *testing.T) {
		t.Parallel()
		server := startMySQL(t, Options{})
		if _, err := MySQL(t.Context(), Options{Port: server.Port}); err == nil || !contains(err, "is taken") {
			t.Fatalf("MySQL = %v, want a taken port", err)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			server, err := MySQL(t.Context(), Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			if err := server.Close(); err != nil {
				t.Errorf("second Close: %v", err)
			}
		})
	}
	group.Wait()
}
