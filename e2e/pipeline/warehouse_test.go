//go:build e2e

package pipeline_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/harness"
)

// withWarehouse adds a sink to the stand-in of BigQuery to a pipeline file.
func withWarehouse(text string, b *bigquery.Server) string {
	return strings.Replace(text, "checkpoint:", fmt.Sprintf(`  warehouse:
    plugin: bigquery-sink
    config:
      project: test
      dataset: test
      table: "{database}_{table}"
      create_dataset: true
      endpoint: {rest: %q, grpc: %q, insecure: true}
checkpoint:`, b.RESTURL, b.GRPCAddr), 1)
}

func startWarehouse(t *testing.T) *bigquery.Server {
	t.Helper()
	b, err := bigquery.Start(t.Context(), bigquery.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// showsRows waits until the warehouse has exactly these rows, version by id.
func showsRows(t *testing.T, b *bigquery.Server, table string, want map[int64]int64) {
	t.Helper()
	harness.Eventually(t, 2*patience, func() error {
		rows, err := b.Table("test", table).Rows()
		if err != nil {
			return err
		}
		got := map[int64]int64{}
		for _, r := range rows {
			got[harness.Int(r["id"])] = harness.Int(r["v"])
		}
		if !maps.Equal(got, want) {
			return fmt.Errorf("warehouse has %d rows, want %d, or versions differ", len(got), len(want))
		}
		return nil
	})
}

func TestWarehouse(t *testing.T) {
	t.Parallel()
	t.Run("both sinks end up as the table, whoever is killed", func(t *testing.T) {
		t.Parallel()
		db, b := newDatabase(t), startWarehouse(t)
		lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL, pad VARCHAR(200) NOT NULL)")
		seed(t, db)
		text := lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc")
		h := harness.Start(t, harness.WriteFile(t, withWarehouse(text, b)))
		h.Ready()
		b.Faults().Add(fault.Rule{Call: fault.AppendRows, After: 20, Times: 2, Outcome: fault.AckLost()})
		loaded := load(t, db)
		victims := []func(){
			func() { h.KillPlugin("bigquery-sink") },
			func() { h.KillPlugin("kafka-sink") },
			func() { h.Kill(); h.Restart() },
		}
		next := 0
		kills := killUntil(loaded, func() {
			victims[next%len(victims)]()
			next++
		})
		if kills < len(victims) {
			t.Errorf("%d kills, want one of each", kills)
		}
		want := lab.Rows(t, db+".t")
		lab.NewAudit(t, db+`\.`+db+`\.t`).Until(want, 2*patience)
		showsRows(t, b, db+"_t", want)
	})
	t.Run("a sink that is added later is snapshotted for itself alone", func(t *testing.T) {
		t.Parallel()
		db, b := newDatabase(t), startWarehouse(t)
		lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL)", "INSERT INTO "+db+".t VALUES (1, 1), (2, 1)")
		text := lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc")
		audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
		h := harness.Start(t, harness.WriteFile(t, text))
		audit.Until(map[int64]int64{1: 1, 2: 1}, patience)
		if code := h.Stop(); code != 0 {
			t.Fatalf("exit code %d", code)
		}
		lab.Exec(t, "UPDATE "+db+".t SET v = 2 WHERE id = 1", "INSERT INTO "+db+".t VALUES (3, 1)")
		harness.Start(t, harness.WriteFile(t, withWarehouse(text, b)))
		want := map[int64]int64{1: 2, 2: 1, 3: 1}
		audit.Until(want, patience)
		showsRows(t, b, db+"_t", want)
		lab.Exec(t, "DELETE FROM "+db+".t WHERE id = 2")
		want = map[int64]int64{1: 2, 3: 1}
		audit.Until(want, patience)
		showsRows(t, b, db+"_t", want)
		if audit.Again != 0 {
			t.Errorf("Kafka got %d versions again for a snapshot that was not its own", audit.Again)
		}
	})
	t.Run("a column that is added comes through", func(t *testing.T) {
		t.Parallel()
		db, b := newDatabase(t), startWarehouse(t)
		b.SetDelays(bigquery.Delays{Schema: 2 * time.Second})
		lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL)", "INSERT INTO "+db+".t VALUES (1, 1)")
		text := lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc")
		harness.Start(t, harness.WriteFile(t, withWarehouse(text, b)))
		showsRows(t, b, db+"_t", map[int64]int64{1: 1})
		lab.Exec(t, "ALTER TABLE "+db+".t ADD COLUMN note VARCHAR(20) NULL", "INSERT INTO "+db+".t VALUES (2, 1, 'new')")
		showsRows(t, b, db+"_t", map[int64]int64{1: 1, 2: 1})
		rows, err := b.Table("test", db+"_t").Rows()
		if err != nil {
			t.Fatal(err)
		}
		if rows[1]["note"] != "new" || rows[0]["note"] != nil {
			t.Errorf("rows %v", rows)
		}
	})
}
