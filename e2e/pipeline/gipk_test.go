//go:build e2e

package pipeline_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/harness"
)

// TestGeneratedInvisibleKey wants the key that the server adds to a table without
// one, whatever the server's setting to show it.
func TestGeneratedInvisibleKey(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	lab.Exec(t,
		"SET SESSION sql_generate_invisible_primary_key = ON", "CREATE TABLE "+db+".t (a INT)",
		"INSERT INTO "+db+".t (a) VALUES (10)",
		"SET GLOBAL show_gipk_in_create_table_and_information_schema = OFF")
	t.Cleanup(func() {
		if err := lab.MySQL.Exec(context.Background(), "SET GLOBAL show_gipk_in_create_table_and_information_schema = ON"); err != nil {
			t.Log(err)
		}
	})
	h := harness.Start(t, lab.Pipeline(t, db, db))
	h.Ready()
	read(t, "^"+db+`\.`+db+`\.t$`, 1)
	lab.Exec(t, "INSERT INTO "+db+".t (a) VALUES (11)")
	want := []string{
		"r map[my_row_id:1] map[] → map[a:10 my_row_id:1]",
		"c map[my_row_id:2] map[] → map[a:11 my_row_id:2]",
	}
	if d := cmp.Diff(want, lines(read(t, "^"+db+`\.`+db+`\.t$`, 2))); d != "" {
		t.Error(d)
	}
}
