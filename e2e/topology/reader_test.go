//go:build e2e

package topology

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/consume"
	"github.com/leat-io/leat/e2e/harness"
	"github.com/leat-io/leat/e2e/topology/internal/ledger"
)

// reader reads all topics and has the audit judge what comes.
type reader struct {
	t        testing.TB
	consumer *consume.Consumer
	audit    *ledger.Audit

	mu       sync.Mutex
	arrivals map[string][]time.Time // by database
	reads    map[string]int         // rows of snapshots, by database
	columns  map[string][]string    // of the newest row of each table
}

const topicPrefix = "live"

func newReader(t testing.TB, brokers, registry string, audit *ledger.Audit) *reader {
	t.Helper()
	c, err := consume.New(brokers, registry, "^"+topicPrefix+`\..*`)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{
		t: t, consumer: c, audit: audit,
		arrivals: map[string][]time.Time{}, reads: map[string]int{}, columns: map[string][]string{},
	}
}

// run reads until ctx ends.
func (r *reader) run(ctx context.Context) {
	defer r.consumer.Close()
	for ctx.Err() == nil {
		records, err := r.consumer.Poll(ctx)
		if err != nil {
			r.t.Errorf("read topics: %v", err)
			return
		}
		for _, record := range records {
			r.take(record)
		}
	}
}

func (r *reader) take(record *consume.Record) {
	table := strings.TrimPrefix(record.Topic, topicPrefix+".")
	database, _, _ := strings.Cut(table, ".")
	if record.Value == nil {
		return // a tombstone, behind its deletion
	}
	row := record.After()
	if record.Op() == ledger.Delete {
		row = record.Before()
	}
	r.note(database, table, record.Op(), row)
	r.audit.Take(ledger.Change{
		Row: ledger.Row{Table: table, ID: harness.Int(record.Key["id"])},
		Op:  record.Op(), Version: harness.Int(row["v"]),
	})
}

func (r *reader) note(database, table, op string, row map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrivals[database] = append(r.arrivals[database], time.Now())
	if op == ledger.Read {
		r.reads[database]++
	}
	if _, ok := row["card"]; ok || table == "shop.audit_log" {
		r.t.Errorf("%s came, which is left out: %v", table, row)
	}
	var columns []string
	for name := range row {
		columns = append(columns, name)
	}
	r.columns[table] = columns
}

// has says whether the newest row of a table has a column.
func (r *reader) has(table, column string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.columns[table], column)
}

// snapshots returns how many rows of snapshots a database has had.
func (r *reader) snapshots(database string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads[database]
}

// gap returns the longest time without a row of a database, of those that began after since or
// were open then.
func (r *reader) gap(database string, since time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	var longest time.Duration
	times := r.arrivals[database]
	for i := 1; i < len(times); i++ {
		if times[i].After(since) {
			longest = max(longest, times[i].Sub(times[i-1]))
		}
	}
	return longest
}
