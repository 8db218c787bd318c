//go:build e2e

package pipeline_test

import (
	"fmt"
	"testing"

	"github.com/leat-io/leat/e2e/harness"
)

const snapshotRows = 200_000

// TestKillDuringSnapshot kills a process while the snapshot is read, and rows
// change meanwhile: the snapshot is repeated, and the topic ends up as the table.
func TestKillDuringSnapshot(t *testing.T) {
	t.Parallel()
	plugin := func(name string) func(*harness.Host, func()) {
		return func(h *harness.Host, change func()) { h.KillPlugin(name); change() }
	}
	tests := map[string]func(h *harness.Host, change func()){
		// What is deleted while nobody looks must not stay in the topic.
		"host":         func(h *harness.Host, change func()) { h.Kill(); change(); h.Restart() },
		"mysql-source": plugin("mysql-source"),
		"kafka-sink":   plugin("kafka-sink"),
	}
	for name, kill := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			fill(t, db)
			h := harness.Start(t, lab.Pipeline(t, db, db))
			sent := atLeast(t, h, snapshotRows/10)
			kill(h, func() {
				lab.Exec(t, "UPDATE "+db+".t SET v = v + 1 WHERE id % 1000 = 0", "DELETE FROM "+db+".t WHERE id % 1000 = 1",
					"ALTER TABLE "+db+".t ADD COLUMN late INT NULL", "UPDATE "+db+".t SET v = v + 1 WHERE id % 1000 = 2")
			})
			t.Logf("killed when the sink had written %d of %d rows", sent, snapshotRows)
			if sent >= snapshotRows {
				t.Error("the snapshot was over before the kill, which proves nothing")
			}
			audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
			audit.Until(lab.Rows(t, db+".t"), 3*patience)
		})
	}
}

// fill makes a table whose snapshot takes a while.
func fill(t *testing.T, db string) {
	t.Helper()
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL, pad VARCHAR(300) NOT NULL)",
		fmt.Sprintf("INSERT INTO %s.t SELECT a.n + b.n * 10 + c.n * 100 + d.n * 1000 + e.n * 10000 + f.n * 100000, 1, REPEAT('p', 300) FROM "+
			"%[2]s a, %[2]s b, %[2]s c, %[2]s d, %[2]s e, (SELECT 0 n UNION ALL SELECT 1) f", db, digits))
}

// atLeast waits until the sink has made so many records durable, and returns how
// many there are.
func atLeast(t *testing.T, h *harness.Host, records uint64) uint64 {
	t.Helper()
	var n uint64
	harness.Eventually(t, patience, func() error {
		view, err := h.Status()
		if err != nil {
			return err
		}
		for _, p := range view.Plugins {
			if p.Name == "kafka" {
				n = p.Records
			}
		}
		if n < records {
			return fmt.Errorf("%d records are durable, want %d", n, records)
		}
		return nil
	})
	return n
}
