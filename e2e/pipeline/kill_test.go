//go:build e2e

package pipeline_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/harness"
)

const (
	loadFor   = 6 * time.Second
	killEvery = 1500 * time.Millisecond
	tableRows = 200
)

// TestKill kills one process again and again while rows change, and then holds
// the topic against the table.
func TestKill(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*harness.Host){
		"host":           func(h *harness.Host) { h.Kill(); h.Restart() },
		"mysql-source":   func(h *harness.Host) { h.KillPlugin("mysql-source") },
		"avro-transform": func(h *harness.Host) { h.KillPlugin("avro-transform") },
		"kafka-sink":     func(h *harness.Host) { h.KillPlugin("kafka-sink") },
	}
	for name, kill := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL, pad VARCHAR(200) NOT NULL)")
			seed(t, db)
			h := harness.Start(t, lab.Pipeline(t, db, db))
			h.Ready()
			loaded := load(t, db)
			kills := killUntil(loaded, func() { kill(h) })
			audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
			audit.Until(lab.Rows(t, db+".t"), 2*patience)
			t.Logf("%d kills, %d records, %d of them again", kills, audit.Records, audit.Again)
			if kills < 3 {
				t.Errorf("%d kills are too few to prove anything", kills)
			}
		})
	}
}

func killUntil(loaded <-chan struct{}, kill func()) int {
	tick := time.NewTicker(killEvery)
	defer tick.Stop()
	for kills := 0; ; kills++ {
		select {
		case <-loaded:
			return kills
		case <-tick.C:
			kill()
		}
	}
}

func seed(t *testing.T, db string) {
	t.Helper()
	for id := range tableRows {
		lab.Exec(t, fmt.Sprintf("INSERT INTO %s.t VALUES (%d, 1, 'seed')", db, id))
	}
}

// load changes rows for a while: updates of one row, of many, inserts, and
// deletes of rows that do not come back. The channel closes when it is done.
func load(t *testing.T, db string) <-chan struct{} {
	t.Helper()
	conn, err := lab.MySQL.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), loadFor)
	go func() {
		defer close(done)
		defer cancel()
		defer conn.Close()
		for next := tableRows; ctx.Err() == nil; next++ {
			for _, statement := range statements(db, next) {
				if _, err := conn.Execute(statement); err != nil {
					t.Errorf("%s: %v", statement, err)
					return
				}
			}
		}
	}()
	return done
}

func statements(db string, next int) []string {
	id := rand.IntN(next)
	out := []string{
		fmt.Sprintf("UPDATE %s.t SET v = v + 1 WHERE id = %d", db, id),
		fmt.Sprintf("INSERT INTO %s.t VALUES (%d, 1, REPEAT('x', %d))", db, next, rand.IntN(200)),
	}
	if next%10 == 0 {
		out = append(out, fmt.Sprintf("UPDATE %s.t SET v = v + 1, pad = REPEAT('y', 150) WHERE id %% 3 = %d", db, rand.IntN(3)))
	}
	if next%25 == 0 {
		out = append(out, fmt.Sprintf("DELETE FROM %s.t WHERE id = %d", db, id))
	}
	return out
}
