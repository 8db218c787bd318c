//go:build e2e

package pipeline_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/consume"
	"github.com/leat-io/leat/e2e/harness"
)

const patience = 60 * time.Second

// read returns the next n records of the topics, in the order of each topic.
func read(t *testing.T, topics string, n int) []*consume.Record {
	t.Helper()
	c, err := consume.New(lab.Kafka.Bootstrap, lab.Registry.URL, topics)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out []*consume.Record
	for len(out) < n && ctx.Err() == nil {
		records, err := c.Poll(ctx)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, records...)
	}
	if len(out) != n {
		t.Fatalf("%d records, want %d:\n%v", len(out), n, lines(out))
	}
	return out
}

// lines shows records: op, key, columns before and after.
func lines(records []*consume.Record) []string {
	var out []string
	for _, r := range records {
		if r.Value == nil {
			out = append(out, fmt.Sprintf("tombstone %v", r.Key))
			continue
		}
		out = append(out, fmt.Sprintf("%s %v %v → %v", r.Op(), r.Key, r.Before(), r.After()))
	}
	return out
}

func TestChanges(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	lab.Exec(t,
		"CREATE TABLE "+db+".t (id INT PRIMARY KEY, name VARCHAR(20))",
		"INSERT INTO "+db+".t VALUES (1, 'one'), (2, 'two')")
	h := harness.Start(t, lab.Pipeline(t, db, db))
	h.Ready()
	read(t, "^"+db+`\.`+db+`\.t$`, 2) // the snapshot is through, and what follows is streamed
	lab.Exec(t,
		"INSERT INTO "+db+".t VALUES (3, 'three')",
		"UPDATE "+db+".t SET name = 'TWO' WHERE id = 2",
		"DELETE FROM "+db+".t WHERE id = 1",
		"UPDATE "+db+".t SET id = 30 WHERE id = 3")
	records := read(t, "^"+db+`\.`+db+`\.t$`, 9)
	want := []string{
		"r map[id:1] map[] → map[id:1 name:one]",
		"r map[id:2] map[] → map[id:2 name:two]",
		"c map[id:3] map[] → map[id:3 name:three]",
		"u map[id:2] map[id:2 name:two] → map[id:2 name:TWO]",
		"d map[id:1] map[id:1 name:one] → map[]",
		"tombstone map[id:1]",
		"d map[id:3] map[id:3 name:three] → map[]",
		"tombstone map[id:3]",
		"c map[id:30] map[] → map[id:30 name:three]",
	}
	if d := cmp.Diff(want, lines(records)); d != "" {
		t.Error(d)
	}
	checkSource(t, records[2], db)
	if code := h.Stop(); code != 0 {
		t.Errorf("exit code %d after SIGTERM, want 0", code)
	}
}

func checkSource(t *testing.T, r *consume.Record, db string) {
	t.Helper()
	source := r.Source()
	got := map[string]any{"db": source["db"], "table": source["table"], "name": source["name"], "connector": source["connector"]}
	want := map[string]any{"db": db, "table": "t", "name": db, "connector": "mysql"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if gtid, _ := source["gtid"].(string); gtid == "" {
		t.Errorf("source has no gtid: %v", source)
	}
}

func TestAlterInMidStream(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, a INT, b VARCHAR(9))", "INSERT INTO "+db+".t VALUES (1, 10, 'x')")
	h := harness.Start(t, lab.Pipeline(t, db, db))
	h.Ready()
	read(t, "^"+db+`\.`+db+`\.t$`, 1)
	lab.Exec(t,
		"INSERT INTO "+db+".t VALUES (2, 20, 'y')",
		"ALTER TABLE "+db+".t ADD COLUMN c INT NULL DEFAULT 7 AFTER id",
		"INSERT INTO "+db+".t VALUES (3, 70, 30, 'z')",
		"ALTER TABLE "+db+".t DROP COLUMN a, RENAME COLUMN b TO bb",
		"INSERT INTO "+db+".t VALUES (4, 71, 'w')",
		"UPDATE "+db+".t SET bb = 'v' WHERE id = 2")
	want := []string{
		"r map[id:1] map[] → map[a:10 b:x id:1]",
		"c map[id:2] map[] → map[a:20 b:y id:2]",
		"c map[id:3] map[] → map[a:30 b:z c:70 id:3]",
		"c map[id:4] map[] → map[bb:w c:71 id:4]",
		"u map[id:2] map[bb:y c:7 id:2] → map[bb:v c:7 id:2]",
	}
	if d := cmp.Diff(want, lines(read(t, "^"+db+`\.`+db+`\.t$`, len(want)))); d != "" {
		t.Error(d)
	}
}

func TestLargeTransaction(t *testing.T) {
	t.Parallel()
	const rows = 100_000
	db := newDatabase(t)
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL, pad VARCHAR(100))", "INSERT INTO "+db+".t VALUES (0, 1, '')")
	h := harness.Start(t, lab.Pipeline(t, db, db))
	h.Ready()
	lab.Exec(t, fmt.Sprintf("INSERT INTO %s.t SELECT seq, 1, REPEAT('p', 100) FROM "+
		"(SELECT a.n + b.n * 10 + c.n * 100 + d.n * 1000 + e.n * 10000 + 1 seq FROM "+
		"%[2]s a, %[2]s b, %[2]s c, %[2]s d, %[2]s e) s", db, digits))
	audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
	audit.Until(lab.Rows(t, db+".t"), 2*patience)
	if audit.Records != rows+1 || audit.Again != 0 {
		t.Errorf("%d records, %d of them again; want %d and none", audit.Records, audit.Again, rows+1)
	}
}

const digits = "(SELECT 0 n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL " +
	"SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
