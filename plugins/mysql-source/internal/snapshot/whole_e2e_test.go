//go:build e2e

package snapshot

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// sink takes everything and counts rows.
type sink struct{ counter }

func (*sink) State(...sdk.StateChange) error              { return nil }
func (*sink) Advance(sdk.Position, int64) error           { return nil }
func (*sink) Flush() error                                { return nil }
func (*sink) Origin(*sdk.Origin)                          {}
func (*sink) Schema(*sdk.RowSchema) (sdk.SchemaID, error) { return 1, nil }

// A result that something ends early is noticed, by the last key where there is
// one and by counting otherwise; a whole one passes.
func TestSnapshot_cutResult(t *testing.T) {
	mysql, err := servers.MySQL(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := mysql.Close(); err != nil {
			t.Error(err)
		}
	})
	tests := map[string]struct {
		table string
		rows  string
		limit string
		cut   bool
	}{
		"OK key":               {"(a INT, b VARCHAR(9), PRIMARY KEY (b, a))", "(1, 'x'), (2, 'x'), (3, 'y')", "100", false},
		"OK no key":            {"(a INT)", "(1), (1), (NULL)", "100", false},
		"OK empty":             {"(a INT PRIMARY KEY)", "", "1", false},
		"OK limit as the rows": {"(a INT PRIMARY KEY)", "(1), (2)", "2", false},
		"OK no transactions":   {"(a INT PRIMARY KEY) ENGINE=MyISAM", "(1), (2)", "1", false},
		"key":                  {"(a INT, b VARCHAR(9), PRIMARY KEY (b, a))", "(1, 'x'), (2, 'x'), (3, 'y')", "2", true},
		"no key":               {"(a INT)", "(1), (1), (1)", "2", true},
		"nothing at all":       {"(a INT PRIMARY KEY)", "(1)", "0", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			statements := []string{"DROP DATABASE IF EXISTS cut", "CREATE DATABASE cut", "CREATE TABLE cut.t " + tt.table}
			if tt.rows != "" {
				statements = append(statements, "INSERT INTO cut.t VALUES "+tt.rows)
			}
			if err := mysql.Exec(t.Context(), statements...); err != nil {
				t.Fatal(err)
			}
			err := copyLimited(t, mysql, tt.limit)
			if errors.Is(err, errCut) != tt.cut || err != nil && (!tt.cut || sdk.IsTransient(err)) {
				t.Errorf("got %v, want cut %v", err, tt.cut)
			}
		})
	}
}

// copyLimited copies cut.t with a session whose results end after so many rows.
func copyLimited(t *testing.T, mysql *servers.MySQLServer, limit string) error {
	t.Helper()
	f, err := filter.New(filter.Patterns{Databases: []string{"cut"}}, filter.Patterns{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := meter.New(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	s := &Snapshot{w: &sink{}, Settings: Settings{
		Server: &server.Settings{Host: mysql.Host, Port: mysql.Port, User: config.NewText(mysql.User), Password: config.NewSecret(mysql.Password), Timeout: 10 * time.Second},
		Filter: f, Meter: m, Logger: slog.New(slog.DiscardHandler), LockTimeout: 10 * time.Second,
	}}
	conn, err := s.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := errors.Join(s.open(), conn.Do("SET SESSION sql_select_limit="+limit)); err != nil {
		t.Fatal(err)
	}
	err = s.copy(t.Context(), conn)
	if err != nil && !strings.Contains(err.Error(), "cut.t") {
		t.Errorf("%v does not name the table", err)
	}
	return err
}
