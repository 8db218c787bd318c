//go:build e2e

package topology

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/harness"
)

// judge has the services rest, and holds the ledger, Kafka and the warehouse against their tables.
func (s *site) judge() {
	s.t.Helper()
	for _, w := range s.writers {
		defer w.rest()()
	}
	for database := range s.hosts {
		s.caughtUp(database)
		w := s.writers[database]
		for _, table := range w.tables {
			rows := s.rows(w, table)
			if d := gocmp.Diff(rows, s.ledger.Rows(database+"."+table)); d != "" {
				s.t.Errorf("the ledger has not what %s.%s has (-table +ledger):\n%s", database, table, d)
			}
			s.warehouseHas(database, table, rows)
			s.inOrder(database, table)
		}
	}
	if unknown := s.audit.Unknown(); len(unknown) > 0 {
		s.t.Errorf("%d changes came that nobody made: %s", len(unknown), unknown[0])
	}
	all, again := s.audit.Taken()
	s.t.Logf("%d changes came, %d of them again", all, again)
}

// rows returns the version of each row of a service's table.
func (s *site) rows(w *writer, table string) map[int64]int64 {
	s.t.Helper()
	conn, err := w.server.DB(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	result, err := conn.Execute("SELECT id, v FROM " + w.database + "." + table)
	if err != nil {
		s.t.Fatal(err)
	}
	defer result.Close()
	out := map[int64]int64{}
	for i := range result.RowNumber() {
		id, err := result.GetInt(i, 0)
		v, err2 := result.GetInt(i, 1)
		if err := errors.Join(err, err2); err != nil {
			s.t.Fatal(err)
		}
		out[id] = v
	}
	return out
}

// warehouseHas waits until a table of the warehouse has exactly these rows.
func (s *site) warehouseHas(dataset, table string, want map[int64]int64) {
	s.t.Helper()
	s.waitFor("the warehouse's "+dataset+"."+table, func() error {
		rows, err := s.warehouse.Table(dataset, table).Rows()
		if err != nil {
			return err
		}
		got := map[int64]int64{}
		for _, r := range rows {
			got[harness.Int(r["id"])] = harness.Int(r["v"])
		}
		if !maps.Equal(want, got) {
			return fmt.Errorf("(-service +warehouse):\n%s", gocmp.Diff(want, got))
		}
		return nil
	})
}

// inOrder looks whether each newer version of a row has a higher sequence number than all before,
// whatever servers it was read from.
func (s *site) inOrder(dataset, table string) {
	s.t.Helper()
	changes, err := s.warehouse.Table(dataset, table).Log()
	if err != nil {
		s.t.Fatal(err)
	}
	type newest struct {
		version  int64
		sequence string
	}
	rows := map[int64]newest{}
	for _, c := range changes {
		v, ok := c.Row["v"]
		if !ok {
			continue // a deletion has the key alone
		}
		id, version, sequence := harness.Int(c.Row["id"]), harness.Int(v), sortable(c.Sequence)
		last := rows[id]
		if version > last.version && cmp.Compare(sequence, last.sequence) <= 0 {
			s.t.Errorf("%s.%s %d: version %d has sequence %s, which is not above that of version %d", dataset, table, id, version, c.Sequence, last.version)
		}
		rows[id] = newest{max(version, last.version), max(sequence, last.sequence)}
	}
}

// sortable has a sequence number compare as text as its numbers do.
func sortable(sequence string) string {
	var out strings.Builder
	for section := range strings.SplitSeq(sequence, "/") {
		fmt.Fprintf(&out, "%016s/", section)
	}
	return out.String()
}
