//go:build e2e

package ddl_test

import (
	"os"
	"strings"
	"testing"
)

// TestServerAgrees runs a script of statements and compares after each one.
func TestServerAgrees(t *testing.T) {
	const database = "leat_ddl_fixed"
	j := newJudge(t, database)
	for _, sql := range script(t, database) {
		if err := j.run(sql); err != nil {
			t.Fatalf("server refuses %s: %v", sql, err)
		}
		if !j.compare(sql) {
			j.adopt()
		}
	}
}

// script gives the statements of testdata/server.sql for a database.
func script(t *testing.T, database string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/server.sql")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.TrimSpace(strings.ReplaceAll(string(text), "DATABASE_NAME", database))
	return strings.Split(strings.TrimSuffix(all, ";"), ";\n")
}
