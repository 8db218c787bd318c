package meter

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Snapshot is how far a snapshot is.
type Snapshot struct {
	// Rows that are done, and Total as far as it is known: what was copied of tables
	// that are done, the server's guess of the others.
	Rows, Total uint64
	// Tables that there are, and those that are done.
	Tables, TablesDone int
	// Table that is copied; empty between two. TableRows of it are done, of TableTotal.
	Table                 table.Name
	TableRows, TableTotal uint64
}

// SetSnapshot says how far a snapshot is. Without one, nothing is shown.
func (m *Meter) SetSnapshot(s Snapshot) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.snapshot = &s
}

var (
	descSnapshotRows   = prometheus.NewDesc("leat_mysql_snapshot_rows", "Rows of the snapshot: done, and in total as far as it is known.", []string{"rows"}, nil)
	descSnapshotTables = prometheus.NewDesc("leat_mysql_snapshot_tables", "Tables of the snapshot: done, and in total.", []string{"tables"}, nil)
	descSnapshotTable  = prometheus.NewDesc("leat_mysql_snapshot_table_rows", "Rows of the table that is copied: done, and the server's estimate of the total.", []string{"database", "table", "rows"}, nil)
)

var snapshotDescs = []*prometheus.Desc{descSnapshotRows, descSnapshotTables, descSnapshotTable}

const (
	done  = "done"
	total = "total"
)

func (m *Meter) collectSnapshot(gauge func(d *prometheus.Desc, v float64, labels ...string)) {
	m.mu.Lock()
	s := m.snapshot
	m.mu.Unlock()
	if s == nil {
		return
	}
	gauge(descSnapshotRows, float64(s.Rows), done)
	gauge(descSnapshotRows, float64(s.Total), total)
	gauge(descSnapshotTables, float64(s.TablesDone), done)
	gauge(descSnapshotTables, float64(s.Tables), total)
	if s.Table != (table.Name{}) {
		gauge(descSnapshotTable, float64(s.TableRows), s.Table.Database, s.Table.Table, done)
		gauge(descSnapshotTable, float64(s.TableTotal), s.Table.Database, s.Table.Table, total)
	}
}
