//go:build e2e

package stream

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// charsetJudge runs statements, notes what the server has after each, and
// compares with what the log alone tells.
type charsetJudge struct {
	*testing.T
	server *servers.MySQLServer
	flavor string
	conn   *client.Conn
	stream *Stream
	// shown is SHOW CREATE TABLE of each table after each statement.
	shown []map[string]string
}

func newCharsetJudge(t *testing.T, server *servers.MySQLServer, flavor string) *charsetJudge {
	t.Helper()
	conn, err := server.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s, _ := newStream(t, nil)
	s.facts.MariaDB = flavor == "mariadb"
	s.facts.Variables = map[string]string{"system_time_zone": "UTC"}
	s.defs = definitions.New(definitions.Defaults{}, func(n table.Name) bool { return n.Database == "leat_charset" })
	return &charsetJudge{T: t, server: server, flavor: flavor, conn: conn, stream: s}
}

func (j *charsetJudge) run(script []string) {
	j.Helper()
	j.execute("DROP DATABASE IF EXISTS leat_charset")
	from := j.position()
	var ran []string
	for _, sql := range script {
		if _, err := j.conn.Execute(sql); err != nil {
			j.Logf("the %s server refuses %q: %v", j.flavor, sql, err)
			continue
		}
		if strings.Contains(sql, "CREATE DATABASE") {
			j.execute("USE leat_charset")
		}
		if !strings.HasPrefix(sql, "SET ") && !strings.HasPrefix(sql, "CREATE TEMPORARY") { // which are not in the log
			ran = append(ran, sql)
			j.shown = append(j.shown, j.show())
		}
	}
	j.execute("DROP DATABASE IF EXISTS leat_charset")
	if got := j.follow(from, ran); got != len(ran) || got < 4 {
		j.Errorf("read %d of %d statements", got, len(ran))
	}
}

func (j *charsetJudge) execute(sql string) {
	j.Helper()
	if _, err := j.conn.Execute(sql); err != nil {
		j.Fatalf("%s: %v", sql, err)
	}
}

func (j *charsetJudge) position() mysql.Position {
	j.Helper()
	statement := "SHOW BINARY LOG STATUS"
	if j.flavor == "mariadb" {
		statement = "SHOW MASTER STATUS"
	}
	r, err := j.conn.Execute(statement)
	if err != nil {
		j.Fatal(err)
	}
	name, _ := r.GetString(0, 0)
	pos, _ := r.GetUint(0, 1)
	return mysql.Position{Name: name, Pos: uint32(pos)}
}

// show asks in a session of its own, as the source does.
func (j *charsetJudge) show() map[string]string {
	j.Helper()
	conn, err := j.server.DB(j.Context())
	if err != nil {
		j.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	out := map[string]string{}
	for _, sql := range []string{"SET NAMES utf8mb4", "SET time_zone='+00:00'", "SET sql_mode=''"} {
		if _, err := conn.Execute(sql); err != nil {
			j.Fatal(err)
		}
	}
	names, err := conn.Execute("SELECT table_name FROM information_schema.tables WHERE table_schema='leat_charset' AND table_type='BASE TABLE'")
	if err != nil {
		j.Fatal(err)
	}
	for i := range names.RowNumber() {
		name, _ := names.GetString(i, 0)
		r, err := conn.Execute("SHOW CREATE TABLE leat_charset.`" + strings.ReplaceAll(name, "`", "``") + "`")
		if err != nil {
			j.Fatal(err)
		}
		out[name], _ = r.GetString(0, 1)
	}
	return out
}

// follow reads the log, and counts the statements that it compared.
func (j *charsetJudge) follow(from mysql.Position, ran []string) int {
	j.Helper()
	end := j.position()
	syncer := replication.NewBinlogSyncer(replication.BinlogSyncerConfig{
		ServerID: 4711, Flavor: j.flavor, Host: j.server.Host, Port: uint16(j.server.Port), User: j.server.User, Password: j.server.Password, Localhost: "leat-test",
	})
	defer syncer.Close()
	events, err := syncer.StartSync(from)
	if err != nil {
		j.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(j.Context(), time.Minute)
	defer cancel()
	compared := 0
	for {
		e, err := events.GetEvent(ctx)
		if err != nil {
			j.Fatal(err)
		}
		if e.Header.EventType == replication.QUERY_EVENT && compared < len(ran) {
			j.apply(e.RawData, ran[compared])
			j.compare(ran[compared], j.shown[compared])
			compared++
		}
		if e.Header.LogPos >= end.Pos {
			return compared
		}
	}
}

func (j *charsetJudge) apply(raw []byte, sql string) {
	j.Helper()
	body := raw[replication.EventHeaderSize:]
	q, err := binlog.ParseQuery(body[:len(body)-replication.BinlogChecksumLength])
	if err != nil {
		j.Fatal(err)
	}
	x, err := j.stream.read(&q)
	if err != nil {
		j.Errorf("read %q: %v", sql, err)
		return
	}
	for _, s := range x.statements {
		if _, _, err := j.stream.defs.Apply(s, x.mode); err != nil {
			j.Errorf("apply %q: %v", sql, err)
		}
	}
}

func (j *charsetJudge) compare(after string, shown map[string]string) {
	j.Helper()
	for name, sql := range shown {
		want, err := ddl.ParseTable("leat_charset", sql, ddl.Mode{MariaDB: j.flavor == "mariadb"})
		if err != nil {
			j.Fatal(err)
		}
		got := j.stream.defs.Table(table.Name{Database: "leat_charset", Table: name})
		if got == nil {
			j.Errorf("after %q: no definition of %q", after, name)
			continue
		}
		if diff := cmp.Diff(plain(want), plain(got)); diff != "" {
			j.Errorf("after %q: table %q, server (-) and log (+):\n%s", after, name, diff)
		}
	}
}

// plain leaves out what rows and their schemas do not depend on.
func plain(def *table.Table) *table.Table {
	def = def.Clone()
	def.Collation = ""
	for i := range def.Columns {
		def.Columns[i].Collation, def.Columns[i].Declared = "", ""
	}
	slices.SortFunc(def.Indexes, func(a, b table.Index) int { return strings.Compare(a.Name, b.Name) })
	for i := range def.Indexes {
		for k := range def.Indexes[i].Parts {
			def.Indexes[i].Parts[k].Prefix = 0
		}
	}
	if len(def.Indexes) == 0 {
		def.Indexes = nil
	}
	return def
}
