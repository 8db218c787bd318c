//go:build e2e

package topology

import (
	"fmt"
	"os"
	"strings"

	"github.com/leat-io/leat/e2e/harness"
	"github.com/leat-io/leat/e2e/servers"
)

// What an operator does to servers, step by step as docs/operations.md has it.

func (s *site) exec(server *servers.MySQLServer, statements ...string) {
	s.t.Helper()
	if err := server.Exec(s.t.Context(), statements...); err != nil {
		s.t.Fatal(err)
	}
}

// script runs a file of statements from pipelines/topology, one a line.
func (s *site) script(server *servers.MySQLServer, name string) {
	s.t.Helper()
	var statements []string
	for line := range strings.Lines(os.ExpandEnv(s.definition(name))) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			statements = append(statements, line)
		}
	}
	s.exec(server, statements...)
}

// ask returns one value.
func (s *site) ask(server *servers.MySQLServer, query string) string {
	s.t.Helper()
	value, err := s.tryAsk(server, query)
	if err != nil {
		s.t.Fatal(err)
	}
	return value
}

func (s *site) tryAsk(server *servers.MySQLServer, query string) (string, error) {
	conn, err := server.DB(s.t.Context())
	if err != nil {
		return "", err
	}
	defer conn.Close()
	result, err := conn.Execute(query)
	if err != nil {
		return "", fmt.Errorf("%s: %w", query, err)
	}
	defer result.Close()
	if result.RowNumber() == 0 {
		return "", fmt.Errorf("%s: no rows", query)
	}
	value, err := result.GetString(0, 0)
	return strings.Clone(value), err
}

func (s *site) uuid(server *servers.MySQLServer) string {
	s.t.Helper()
	return s.ask(server, "SELECT @@server_uuid")
}

// source says where a channel reads from, with the account of replication.sql.
func (s *site) source(from *servers.MySQLServer, channel string) string {
	return fmt.Sprintf("CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'localhost', SOURCE_PORT = %d, "+
		"SOURCE_USER = 'repl', SOURCE_PASSWORD = '%s', SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 86400, "+
		"SOURCE_SSL = 1, SOURCE_SSL_CA = '%s', SOURCE_SSL_VERIFY_SERVER_CERT = 1 FOR CHANNEL '%s'",
		from.Port, replicationPassword, s.certificates.ca, channel)
}

// channel has a capture server follow a service. A filter of capture.cnf counts only for a channel
// that was there when the server started.
func (s *site) channel(capture, from *servers.MySQLServer, database string) {
	s.t.Helper()
	s.exec(capture,
		s.source(from, database),
		fmt.Sprintf("CHANGE REPLICATION FILTER REPLICATE_WILD_DO_TABLE = ('%s.%%') FOR CHANNEL '%[1]s'", database),
		fmt.Sprintf("START REPLICA FOR CHANNEL '%s'", database))
}

// followed waits until a replica has all that a server has of its own.
func (s *site) followed(replica, server *servers.MySQLServer) {
	s.t.Helper()
	own := s.ask(server, "SELECT @@gtid_executed")
	harness.Eventually(s.t, patience, func() error {
		got, err := s.tryAsk(replica, fmt.Sprintf("SELECT WAIT_FOR_EXECUTED_GTID_SET('%s', 1)", own))
		if err == nil && got != "0" {
			err = fmt.Errorf("%s has not executed %s", replica.Addr(), own)
		}
		return err
	})
}

// command has HAProxy do something.
func (s *site) command(text string) string {
	s.t.Helper()
	answer, err := s.proxy.Command(s.t.Context(), text)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

// flip has HAProxy give up the primary, and waits until each pipeline reads from the secondary.
func (s *site) flip() {
	s.t.Helper()
	s.command("disable server capture/primary")
	s.reads(s.secondary, len(s.hosts))
}

// flipBack has it take the primary again.
func (s *site) flipBack() {
	s.t.Helper()
	s.command("enable server capture/primary")
	s.reads(s.primary, len(s.hosts))
}

// reads waits until so many pipelines read the log of a capture server.
func (s *site) reads(capture *servers.MySQLServer, pipelines int) {
	s.t.Helper()
	harness.Eventually(s.t, patience, func() error {
		n, err := s.tryAsk(capture, "SELECT COUNT(*) FROM performance_schema.processlist WHERE user = 'leat' AND command LIKE 'Binlog Dump%'")
		if err == nil && n != fmt.Sprint(pipelines) {
			err = fmt.Errorf("%s pipelines read from %s, want %d", n, capture.Addr(), pipelines)
		}
		return err
	})
}
