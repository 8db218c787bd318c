//go:build e2e

package topology

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/client"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/e2e/topology/internal/ledger"
)

// pace is the pause between two transactions of a service.
const pace = 20 * time.Millisecond

// writer is a service at work: it changes rows of its database, several in a transaction, and
// enters in the ledger what was committed.
type writer struct {
	t        testing.TB
	database string
	tables   []string
	extra    string // a statement of each transaction that no pipeline takes
	ledger   *ledger.Ledger

	mu      sync.Mutex // held during a transaction, and while the service rests
	server  *servers.MySQLServer
	conn    *client.Conn
	rows    map[string]map[int64]int64 // by table, the version of each row
	version int64
}

func newWriter(t testing.TB, l *ledger.Ledger, server *servers.MySQLServer, database, extra string, tables ...string) *writer {
	w := &writer{t: t, database: database, tables: tables, extra: extra, ledger: l, server: server, rows: map[string]map[int64]int64{}}
	for _, table := range tables {
		w.rows[table] = map[int64]int64{}
	}
	return w
}

// run writes until ctx ends.
func (w *writer) run(ctx context.Context) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	defer w.moveTo(nil)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := w.transaction(ctx); err != nil {
			w.t.Errorf("write to %s: %v", w.database, err)
			return
		}
	}
}

// rest keeps the service from writing until resume is called.
func (w *writer) rest() (resume func()) {
	w.mu.Lock()
	return sync.OnceFunc(w.mu.Unlock)
}

// moveTo has the next transaction go to another server; the service must rest.
func (w *writer) moveTo(server *servers.MySQLServer) {
	if w.conn != nil {
		_ = w.conn.Close() // the server may be dead
	}
	w.conn, w.server = nil, server
}

func (w *writer) transaction(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		var err error
		if w.conn, err = w.server.DB(ctx); err != nil {
			return err
		}
	}
	plan := &plan{writer: w, rows: clone(w.rows), version: w.version}
	for range 1 + rand.IntN(4) {
		plan.step()
	}
	end := "COMMIT"
	if rand.IntN(12) == 0 {
		end = "ROLLBACK"
	}
	for _, statement := range slices.Concat([]string{"BEGIN"}, plan.statements, []string{end}) {
		if statement == "" {
			continue
		}
		if _, err := w.conn.Execute(statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	w.version = plan.version
	if end == "COMMIT" {
		w.rows = plan.rows
		w.ledger.Commit(plan.changes...)
	}
	return nil
}

func clone(rows map[string]map[int64]int64) map[string]map[int64]int64 {
	out := map[string]map[int64]int64{}
	for table, m := range rows {
		out[table] = maps.Clone(m)
	}
	return out
}

// plan is a transaction: what it says, and what the ledger has of it if it is committed.
type plan struct {
	*writer
	statements []string
	changes    []ledger.Change
	rows       map[string]map[int64]int64
	version    int64
}

// tableRows is about how many rows a table has.
const tableRows = 120

func (p *plan) step() {
	p.version++
	table := p.tables[rand.IntN(len(p.tables))]
	rows := p.rows[table]
	id := p.version // never given before, in any table
	if len(p.statements) == 0 {
		p.statements = append(p.statements, p.extra)
	}
	old, some := pick(rows)
	switch n := rand.IntN(10); {
	case !some || n < 4 && len(rows) < tableRows:
		p.say("INSERT INTO %s.%s (id, v, note) VALUES (%d, %d, 'made')", p.database, table, id, p.version)
		p.enter(table, id, ledger.Create, p.version)
	case n < 8:
		p.say("UPDATE %s.%s SET v = %d, note = REPEAT('x', %d) WHERE id = %d", p.database, table, p.version, rand.IntN(150), old)
		p.enter(table, old, ledger.Update, p.version)
	case n < 9:
		p.say("DELETE FROM %s.%s WHERE id = %d", p.database, table, old)
		p.enter(table, old, ledger.Delete, rows[old])
	default: // another key: for whoever reads a deletion and a new row
		p.say("UPDATE %s.%s SET id = %d, v = %d WHERE id = %d", p.database, table, id, p.version, old)
		p.enter(table, old, ledger.Delete, rows[old])
		p.enter(table, id, ledger.Create, p.version)
	}
}

// pick returns any row; a map's order is random.
func pick(rows map[int64]int64) (int64, bool) {
	for id := range rows {
		return id, true
	}
	return 0, false
}

func (p *plan) say(format string, args ...any) {
	p.statements = append(p.statements, fmt.Sprintf(format, args...))
}

func (p *plan) enter(table string, id int64, op string, version int64) {
	row := ledger.Row{Table: p.database + "." + table, ID: id}
	p.changes = append(p.changes, ledger.Change{Row: row, Op: op, Version: version})
	if op == ledger.Delete {
		delete(p.rows[table], id)
	} else {
		p.rows[table][id] = version
	}
}
