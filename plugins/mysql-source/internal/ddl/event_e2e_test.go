//go:build e2e

package ddl_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/tablemap"
)

// TestEventsFit runs the script with an insert after each statement, reads the
// log, follows the definitions by the text in the log alone, and checks each
// TABLE_MAP event against them.
func TestEventsFit(t *testing.T) {
	const database = "leat_ddl_events"
	j := newJudge(t, database)
	start := logPosition(t, j)
	for _, sql := range script(t, database) {
		if _, err := j.conn.Execute(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		touchAll(t, j)
	}
	if n := followLog(t, j, start, logPosition(t, j)); n < 500 {
		t.Errorf("checked %d events, want 500 at least", n)
	}
}

func logPosition(t *testing.T, j *judge) mysql.Position {
	t.Helper()
	r, err := j.conn.Execute("SHOW BINARY LOG STATUS")
	if err != nil {
		t.Fatal(err)
	}
	name, _ := r.GetString(0, 0)
	pos, _ := r.GetUint(0, 1)
	return mysql.Position{Name: name, Pos: uint32(pos)}
}

// touchAll makes the server log a row of every table that takes one, and leaves
// all tables empty, so that any ALTER TABLE goes through.
func touchAll(t *testing.T, j *judge) {
	t.Helper()
	names, err := j.conn.Execute("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")
	if err != nil {
		t.Fatal(err)
	}
	for i := range names.RowNumber() {
		name, _ := names.GetString(i, 0)
		name = "`" + strings.ReplaceAll(name, "`", "``") + "`"
		_, _ = j.conn.Execute("INSERT IGNORE INTO " + name + " VALUES ()")
		_, _ = j.conn.Execute("DELETE FROM " + name)
	}
}

// followLog applies and checks events from start to end and counts the checks.
func followLog(t *testing.T, j *judge, start, end mysql.Position) int {
	t.Helper()
	syncer := replication.NewBinlogSyncer(replication.BinlogSyncerConfig{
		ServerID: 4711, Flavor: server.Flavor, Host: server.Host, Port: uint16(server.Port),
		User: server.User, Password: server.Password, Localhost: "leat-test",
	})
	defer syncer.Close()
	stream, err := syncer.StartSync(start)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	checked := 0
	for {
		event, err := stream.GetEvent(ctx)
		if err != nil {
			t.Fatal(err)
		}
		switch e := event.Event.(type) {
		case *replication.QueryEvent:
			applyQuery(t, j, event.RawData, string(e.Query))
		case *replication.TableMapEvent:
			if string(e.Schema) == j.mode.Database {
				checkEvent(t, j, e)
				checked++
			}
		}
		if event.Header.LogPos >= end.Pos {
			return checked
		}
	}
}

func applyQuery(t *testing.T, j *judge, raw []byte, text string) {
	t.Helper()
	q, err := binlog.ParseQuery(raw[replication.EventHeaderSize : len(raw)-replication.BinlogChecksumLength])
	if err != nil {
		t.Fatal(err)
	}
	mode := ddl.Mode{
		Database: string(q.Database), ImplicitTimestamps: q.ImplicitTimestamps, UTF8MB4Collation: q.UTF8MB4Collation(),
	}.WithSQLMode(q.SQLMode)
	statements, err := ddl.Parse(text, mode)
	if err != nil {
		t.Fatalf("parse %s: %v", text, err)
	}
	for _, s := range statements {
		if _, err := j.catalog.Apply(s, mode); err != nil {
			t.Fatalf("apply %s: %v", text, err)
		}
	}
}

func checkEvent(t *testing.T, j *judge, e *replication.TableMapEvent) {
	t.Helper()
	def := j.catalog.Table(table.Name{Database: string(e.Schema), Table: string(e.Table)})
	if def == nil {
		t.Fatalf("no definition of %s.%s", e.Schema, e.Table)
	}
	if err := tablemap.Check(def, e); err != nil {
		t.Error(err)
		return
	}
	alone, err := tablemap.Define(e, false)
	if err != nil {
		t.Fatalf("define by the event alone: %v", err)
	}
	if diff := cmp.Diff(def.Key, alone.Table.Key); diff != "" && len(e.PrimaryKey) > 0 {
		t.Errorf("key of %s by the event alone: %s", def.ID(), diff)
	}
	beside, err := tablemap.Define(e, false, tablemap.Known{Table: def, Origin: "known"})
	if err != nil {
		t.Fatalf("define beside a definition that fits: %v", err)
	}
	if !beside.Table.Equal(def) {
		t.Errorf("a definition that fits was changed: %s", cmp.Diff(def, beside.Table))
	}
}
