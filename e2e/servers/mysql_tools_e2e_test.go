//go:build e2e

package servers

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDumpAndLoad(t *testing.T) {
	t.Parallel()
	from, to := startMySQL(t, Options{}), startMySQL(t, Options{})
	if err := from.Exec(t.Context(), "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)", "INSERT INTO d.t VALUES (1), (2)"); err != nil {
		t.Fatal(err)
	}
	var dump bytes.Buffer
	if err := from.Dump(t.Context(), &dump, "--single-transaction", "--set-gtid-purged=COMMENTED", "--databases", "d"); err != nil {
		t.Fatal(err)
	}
	if err := to.Load(t.Context(), &dump); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, ask(t, to, "app", "app", "SELECT id FROM d.t ORDER BY id")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if err := from.Dump(t.Context(), &dump, "nowhere"); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("dump of a database that is not there: %v", err)
	}
	if err := to.Load(t.Context(), strings.NewReader("SELECT nonsense")); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("load of a wrong statement: %v", err)
	}
}
