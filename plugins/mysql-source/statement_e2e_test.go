//go:build e2e

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
)

// Each case runs statements while the source reads, or before it goes on, and says
// what comes of them.
func TestSource_statements(t *testing.T) {
	tests := map[string]struct {
		before, run []string
		want        []string
		config      func(*Config)
	}{
		"column added and dropped": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"INSERT INTO a VALUES (1)", "ALTER TABLE a ADD COLUMN v VARCHAR(10) FIRST", "INSERT INTO a VALUES ('x', 2)", "ALTER TABLE a DROP COLUMN v", "INSERT INTO a VALUES (3)"},
			[]string{"c a {1}", "c a {x 2}", "c a {3}"},
			nil,
		},
		"columns renamed and swapped": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(9), w VARCHAR(9))"},
			[]string{"ALTER TABLE a RENAME COLUMN v TO w, RENAME COLUMN w TO v", "INSERT INTO a (id, v, w) VALUES (1, 'v', 'w')"},
			[]string{"c a {1 w v}"},
			nil,
		},
		"tables swapped as online schema changes do": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"CREATE TABLE _a_new LIKE a", "ALTER TABLE _a_new ADD v INT", "INSERT INTO _a_new VALUES (1, 1)", "RENAME TABLE a TO _a_old, _a_new TO a", "INSERT INTO a VALUES (2, 2)", "INSERT INTO _a_old VALUES (7)"},
			[]string{"c a {2 2}"},
			nil,
		},
		"table made of a query": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)"},
			[]string{"CREATE TABLE c (PRIMARY KEY (id)) AS SELECT id, 'q' v FROM a", "INSERT INTO c VALUES (2, 'r')"},
			[]string{"r a {1}", "c c {1 q}", "c c {2 r}"},
			nil,
		},
		"table dropped and made anew": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"DROP TABLE a", "CREATE TABLE a (v VARCHAR(9) NOT NULL PRIMARY KEY)", "INSERT INTO a VALUES ('k')"},
			[]string{"t a for state only", "c a {k}"},
			nil,
		},
		"truncate is for sinks that keep rows": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)"},
			[]string{"TRUNCATE TABLE a", "INSERT INTO a VALUES (2)"},
			[]string{"r a {1}", "t a for state only", "c a {2}"},
			nil,
		},
		"truncate is left out": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)"},
			[]string{"TRUNCATE TABLE a", "INSERT INTO a VALUES (2)"},
			[]string{"r a {1}", "c a {2}"},
			func(c *Config) { c.Truncate = "skip" },
		},
		"table dropped and made of a query": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)"},
			[]string{"DROP TABLE a", "CREATE TABLE a (PRIMARY KEY (id)) AS SELECT 5 AS id", "INSERT INTO a VALUES (6)"},
			[]string{"r a {1}", "t a for state only", "c a {5}", "c a {6}"},
			nil,
		},
		"truncate is sent": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)"},
			[]string{"TRUNCATE TABLE a", "INSERT INTO a VALUES (2)"},
			[]string{"r a {1}", "t a", "c a {2}"},
			func(c *Config) { c.Truncate = "emit" },
		},
		"savepoints and rollbacks": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"BEGIN", "INSERT INTO a VALUES (1)", "SAVEPOINT s", "INSERT INTO a VALUES (2)", "ROLLBACK TO s", "INSERT INTO a VALUES (3)", "COMMIT", "BEGIN", "INSERT INTO a VALUES (4)", "ROLLBACK", "INSERT INTO a VALUES (5)"},
			[]string{"c a {1}", "c a {3}", "c a {5}"},
			nil,
		},
		"engine without transactions": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY) ENGINE=MyISAM", "CREATE TABLE b (id INT PRIMARY KEY)"},
			[]string{"INSERT INTO a VALUES (1), (2)", "BEGIN", "INSERT INTO b VALUES (3)", "COMMIT", "UPDATE a SET id = 4 WHERE id = 2"},
			[]string{"c a {1}", "c a {2}", "c b {3}", "u a {2} {4}"},
			nil,
		},
		"statements that do not matter": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"CREATE VIEW v AS SELECT * FROM a", "CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1); END", "CALL p()", "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW SET @x = 1", "ANALYZE TABLE a", "CREATE INDEX i ON a (id)", "DROP VIEW v", "CREATE USER IF NOT EXISTS leat_nobody", "DROP USER leat_nobody", "INSERT INTO a VALUES (2)"},
			[]string{"c a {1}", "c a {2}"},
			nil,
		},
		"updates and deletes of many rows": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(5))", "INSERT INTO a VALUES (1, 'a'), (2, NULL)"},
			[]string{"UPDATE a SET v = 'b'", "DELETE FROM a"},
			[]string{"r a {1 a}", "r a {2 NULL}", "u a {1 a} {1 b}", "u a {2 NULL} {2 b}", "d a {1 b}", "d a {2 b}"},
			nil,
		},
		"columns left out": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY, secret INT, v INT)", "INSERT INTO a VALUES (1, 2, 3)"},
			[]string{"UPDATE a SET secret = 9", "UPDATE a SET v = 4"},
			[]string{"r a {1 3}", "u a {1 3} {1 3}", "u a {1 3} {1 4}"},
			func(c *Config) { c.Exclude.Columns = []string{`.*\.secret`, `.*\.id`} },
		},
		"XA of tables that nobody captures": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE _x (id INT PRIMARY KEY)"},
			[]string{"XA START 'x1'", "INSERT INTO _x VALUES (1)", "XA END 'x1'", "XA PREPARE 'x1'", "XA COMMIT 'x1'", "XA START 'x2'", "INSERT INTO _x VALUES (2)", "XA END 'x2'", "XA COMMIT 'x2' ONE PHASE", "INSERT INTO a VALUES (1)"},
			[]string{"c a {1}"},
			nil,
		},
		"differences of JSON that nobody captures": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE _j (id INT PRIMARY KEY, j JSON, t TEXT, k JSON)", `INSERT INTO _j VALUES (1, CONCAT('{"a": "', REPEAT('x', 500), '", "b": 1}'), 't', '[1]'), (2, NULL, NULL, NULL)`},
			[]string{"SET SESSION binlog_row_value_options=PARTIAL_JSON", "SET SESSION binlog_row_image=MINIMAL", "BEGIN", "UPDATE _j SET j = JSON_SET(j, '$.b', 2)", "INSERT INTO _j (id) VALUES (3)", "COMMIT", "SET SESSION binlog_row_image=FULL", "INSERT INTO a VALUES (1)"},
			[]string{"c a {1}"},
			nil,
		},
		"statement logged for a table that nobody captures": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE _s (id INT PRIMARY KEY)"},
			[]string{"SET SESSION transaction_isolation='REPEATABLE-READ'", "SET SESSION binlog_format=STATEMENT", "INSERT INTO _s VALUES (1)", "SET SESSION binlog_format=ROW", "INSERT INTO a VALUES (1)"},
			[]string{"c a {1}"},
			nil,
		},
		"database dropped and made anew": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"DROP DATABASE DB", "CREATE DATABASE DB", "USE DB", "CREATE TABLE a (v VARCHAR(3) NOT NULL PRIMARY KEY)", "INSERT INTO a VALUES ('x')"},
			[]string{"t a for state only", "c a {x}"},
			nil,
		},
		"names in quotes and comments": {
			[]string{"CREATE TABLE `a b``c` (`i d` INT PRIMARY KEY)"},
			[]string{"ALTER /* x */ TABLE `a b``c` ADD `v'1` INT -- end", "INSERT INTO `a b``c` VALUES (1, 2)"},
			[]string{"c a b`c {1 2}"},
			nil,
		},
	}
	for name, tt := range tests {
		for _, behind := range []bool{false, true} {
			t.Run(where(behind)+" "+name, func(t *testing.T) {
				b := newBench(t, tt.before...)
				if tt.config != nil {
					tt.config(&b.config)
				}
				x := b.begin(behind, func() {
					run := slices.Clone(tt.run) // in one session
					for i := range run {
						run[i] = strings.ReplaceAll(run[i], "DB", b.db)
					}
					b.exec(run...)
				})
				x.expect(0, tt.want...)
				x.stop()
			})
		}
	}
}

// Each case runs statements that must end the source, before any row of them.
func TestSource_stops(t *testing.T) {
	tests := map[string]struct {
		before, run []string
		want        string
	}{
		"XA": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"XA START 'y1'", "INSERT INTO a VALUES (1)", "XA END 'y1'", "XA PREPARE 'y1'", "XA ROLLBACK 'y1'"},
			"XA transaction",
		},
		"differences of JSON": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY, j JSON)", `INSERT INTO a VALUES (1, CONCAT('{"a": "', REPEAT('x', 500), '", "b": 1}'))`},
			[]string{"SET SESSION binlog_row_value_options=PARTIAL_JSON", "UPDATE a SET j = JSON_SET(j, '$.b', 2)"},
			"binlog_row_value_options",
		},
		"rows without all columns": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY, v INT)", "INSERT INTO a VALUES (1, 1)"},
			[]string{"SET SESSION binlog_row_image=MINIMAL", "UPDATE a SET v = 2"},
			"binlog_row_image=FULL",
		},
		"statement instead of rows": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY)"},
			[]string{"SET SESSION transaction_isolation='REPEATABLE-READ'", "SET SESSION binlog_format=STATEMENT", "INSERT INTO a VALUES (1)"},
			"binlog_format=ROW",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tt.before...)
			r := newRecorder(1)
			x := b.start(r)
			x.reading()
			had := len(r.texts(0, 0))
			b.exec(tt.run...)
			err := x.end()
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a permanent error that names %s", err, tt.want)
			}
			if got := r.texts(0, had); len(got) > 0 {
				t.Errorf("rows were written: %v", got)
			}
			again := b.readAll(t.Context(), r)
			if again == nil || again.Error() != err.Error() {
				t.Errorf("started anew it ends with %v", again)
			}
		})
	}
}
