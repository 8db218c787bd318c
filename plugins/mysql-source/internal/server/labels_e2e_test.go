//go:build e2e

package server

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// All ways of asking for labels give the same, but that rows have only what was
// stored in them. Newer servers know the older ways too.
func TestConn_labels(t *testing.T) {
	for flavor, start := range map[string]func() (*servers.MySQLServer, error){
		"MySQL":   func() (*servers.MySQLServer, error) { return servers.MySQL(t.Context(), servers.Options{}) },
		"MariaDB": func() (*servers.MySQLServer, error) { return servers.MariaDB(t.Context(), servers.Options{}) },
	} {
		s, err := start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		t.Run(flavor, func(t *testing.T) {
			client, err := s.DB(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c := &Conn{Conn: client}
			t.Cleanup(func() { _ = c.Do("DROP DATABASE IF EXISTS leat_labels"); _ = c.Close() })
			if err := c.Do("SET NAMES utf8mb4", "SET SESSION sql_mode=''", "DROP DATABASE IF EXISTS leat_labels", "CREATE DATABASE leat_labels",
				"CREATE TABLE leat_labels.t (id INT PRIMARY KEY, e ENUM('é','😀','?','x') CHARACTER SET utf16, s SET('🐚','b','😀','?'))",
				"INSERT INTO leat_labels.t VALUES (1, 2, 5), (2, NULL, 2), (3, 1, 0)"); err != nil {
				t.Fatal(err)
			}
			n := table.Name{Database: "leat_labels", Table: "t"}
			e := table.Column{Name: "e", Type: "ENUM", Charset: "utf16", Values: []string{"é", "?", "?", "x"}}
			set := table.Column{Name: "s", Type: "SET", Charset: "utf8mb4", Values: []string{"?", "b", "?", "?"}}
			for name, ask := range map[string]func(table.Name, *table.Column) ([]string, error){"query": c.labelsByQuery, "variable": c.labelsByVariable, "rows": c.labelsByRows} {
				if flavor == "MySQL" && name == "variable" {
					if _, err := ask(n, &e); !unknownSyntax(err) {
						t.Errorf("got %v, want that the statement is not known", err)
					}
					continue
				}
				got, err := ask(n, &e)
				if diff := cmp.Diff([]string{"é", "😀", "?", "x"}, got); err != nil || diff != "" {
					t.Errorf("ENUM by %s: %v %s", name, err, diff)
				}
				got, err = ask(n, &set)
				if diff := cmp.Diff([]string{"🐚", "b", "😀", "?"}, got); err != nil || diff != "" {
					t.Errorf("SET by %s: %v %s", name, err, diff)
				}
			}
		})
	}
}
