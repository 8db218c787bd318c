//go:build e2e

package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
)

// A replica takes over in the middle of a transaction: the source goes on there
// at the very row, and leaves out what the replica did by itself.
func TestSource_failover(t *testing.T) {
	for name, filter := range map[string]func(primary, replica string) GTID{
		"exclude the replica": func(_, replica string) GTID { return GTID{Exclude: []string{replica}} },
		"include the primary": func(primary, _ string) GTID { return GTID{Include: []string{primary}} },
	} {
		t.Run(name, func(t *testing.T) { failover(t, filter) })
	}
}

func failover(t *testing.T, filter func(primary, replica string) GTID) {
	t.Helper()
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	replica := b.replica()
	second := *b
	second.server, second.config.Port = replica, replica.Port
	own := second.ask("SELECT @@server_uuid")
	second.config.GTID = filter(b.ask("SELECT @@server_uuid"), own)
	second.exec("INSERT INTO a VALUES (1000)", "FLUSH BINARY LOGS")
	second.purge() // what it did by itself is not missed when it is gone
	second.exec("INSERT INTO a VALUES (1001)")

	r := newRecorder(1)
	b.start(r).stopWhenReading()
	b.exec("BEGIN", "INSERT INTO a VALUES (1), (2)", "INSERT INTO a VALUES (3)", "COMMIT", "INSERT INTO a VALUES (4)")
	r.limit = 2
	if err := b.readAll(t.Context(), r); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	r.limit = 0
	second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))

	x := second.start(r)
	x.expect(0, "c a {1}", "c a {2}", "c a {3}", "c a {4}")
	b.exec("INSERT INTO a VALUES (5)")
	x.expect(0, "c a {1}", "c a {2}", "c a {3}", "c a {4}", "c a {5}")
	x.until(r.atCommit)
	x.stop()
	if first, last := r.records[0].origin, r.records[4].origin; last.Epoch <= first.Epoch || first.Server != last.Server {
		t.Errorf("origins are %+v and %+v: want a later epoch, and the server of the commit", first, last)
	}
	if base := string(r.points[0].Position.Base); strings.Contains(strings.Split(base, `"gtid"`)[1], own) {
		t.Errorf("position %s has the replica's own transactions", base)
	}

	// A server that lacks what was read is refused until it has caught up.
	third := *b
	third.server = b.empty()
	third.config.Port = third.server.Port
	if err := third.readAll(t.Context(), r); err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "has not executed") {
		t.Errorf("a server without the transactions: got %v", err)
	}
}

// empty starts another server.
func (b *bench) empty() *servers.MySQLServer {
	b.Helper()
	s, err := servers.MySQL(b.Context(), servers.Options{Flags: []string{"--server_id=777"}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// replica starts a server that replicates the bench's.
func (b *bench) replica() *servers.MySQLServer {
	b.Helper()
	s := b.empty()
	other := *b
	other.server = s
	conn, err := s.DB(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	purged := b.ask("SELECT @@GLOBAL.gtid_purged")
	for _, statement := range []string{
		"CREATE DATABASE " + b.db, "CREATE TABLE " + b.db + ".a (id INT PRIMARY KEY)",
		"RESET BINARY LOGS AND GTIDS",
		"SET GLOBAL gtid_purged='" + strings.ReplaceAll(b.ask("SELECT @@GLOBAL.gtid_executed"), "\n", "") + "'",
		fmt.Sprintf("CHANGE REPLICATION SOURCE TO SOURCE_HOST='%s', SOURCE_PORT=%d, SOURCE_USER='%s', SOURCE_PASSWORD='%s', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1", b.server.Host, b.server.Port, b.server.CaptureUser, b.server.CapturePassword),
		"START REPLICA",
	} {
		if _, err := conn.Execute(statement); err != nil {
			b.Fatalf("%s: %v (purged %s)", statement, err, purged)
		}
	}
	return s
}

// ask returns one value.
func (b *bench) ask(query string) string {
	b.Helper()
	conn, err := b.server.DB(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	r, err := conn.Execute(query)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	value, err := r.GetString(0, 0)
	if err != nil {
		b.Fatal(err)
	}
	return strings.Clone(value)
}

// caughtUp waits until a server has executed a set.
func (b *bench) caughtUp(set string) {
	b.Helper()
	query := fmt.Sprintf("SELECT GTID_SUBSET('%s', @@GLOBAL.gtid_executed)", strings.ReplaceAll(set, "\n", ""))
	for end := time.Now().Add(patience); b.ask(query) != "1"; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatalf("the replica does not catch up: %s", b.ask("SELECT CONCAT_WS(' ', service_state, last_error_message) FROM performance_schema.replication_connection_status"))
		}
	}
}
