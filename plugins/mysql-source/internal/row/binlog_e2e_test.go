//go:build e2e

package row_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// encoded is a row as bytes of its own.
type encoded struct{ Value, Key []byte }

func encodedOf(r *row.Row) encoded { return encoded{bytes.Clone(r.Value), bytes.Clone(r.Key)} }

// insertAndRead runs statements on a table, and returns its definition and the
// rows that the log then has, in the order of the log.
func insertAndRead(t *testing.T, conn *client.Conn, database, name string, statements ...string) (*row.Plan, []encoded) {
	t.Helper()
	execute(t, conn, "CREATE DATABASE IF NOT EXISTS "+database, "USE "+database, "DROP TABLE IF EXISTS "+name)
	execute(t, conn, statements[0])
	plan := compileFromServer(t, conn, database, name)
	start := logPosition(t, conn)
	execute(t, conn, statements[1:]...)
	return plan, readLog(t, plan, name, start, logPosition(t, conn))
}

func execute(t *testing.T, conn *client.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := conn.Execute(s); err != nil {
			t.Fatalf("%.300s: %v", s, err)
		}
	}
}

func definition(t *testing.T, conn *client.Conn, database, name string) *table.Table {
	t.Helper()
	r, err := conn.Execute("SHOW CREATE TABLE " + database + "." + name)
	if err != nil {
		t.Fatal(err)
	}
	sql, _ := r.GetString(0, 1)
	def, err := ddl.ParseTable(database, sql, ddl.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	return def
}

func compileFromServer(t *testing.T, conn *client.Conn, database, name string) *row.Plan {
	t.Helper()
	plan, err := row.Compile(definition(t, conn, database, name), nil)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func logPosition(t *testing.T, conn *client.Conn) mysql.Position {
	t.Helper()
	r, err := conn.Execute("SHOW BINARY LOG STATUS")
	if err != nil {
		t.Fatal(err)
	}
	name, _ := r.GetString(0, 0)
	pos, _ := r.GetUint(0, 1)
	return mysql.Position{Name: name, Pos: uint32(pos)}
}

// readLog decodes all row images of the table between two positions.
func readLog(t *testing.T, plan *row.Plan, name string, start, end mysql.Position) []encoded {
	t.Helper()
	var rows []encoded
	syncer := replication.NewBinlogSyncer(replication.BinlogSyncerConfig{
		ServerID: uint32(5000 + time.Now().UnixNano()%1e6), Flavor: server.Flavor, Host: server.Host, Port: uint16(server.Port),
		User: server.User, Password: server.Password, Localhost: "leat-test", Logger: slog.New(slog.DiscardHandler),
		RowsEventDecodeFunc: func(e *replication.RowsEvent, data []byte) error {
			pos, err := e.DecodeHeader(data)
			if err != nil || string(e.Table.Table) != name {
				return err
			}
			rows, err = decodeAll(plan, e, data[pos:], rows)
			return err
		},
	})
	defer syncer.Close()
	stream, err := syncer.StartSync(start)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		event, err := stream.GetEvent(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if event.Header.LogPos >= end.Pos {
			return rows
		}
	}
}

func decodeAll(plan *row.Plan, e *replication.RowsEvent, data []byte, rows []encoded) ([]encoded, error) {
	image, err := plan.Binlog(e.Table)
	if err != nil {
		return nil, err
	}
	var out row.Row
	for len(data) > 0 {
		n, err := image.Decode(data, e.ColumnBitmap1, &out)
		if err != nil {
			return nil, fmt.Errorf("decode %x: %w", data, err)
		}
		data = data[n:]
		rows = append(rows, encodedOf(&out))
	}
	return rows, nil
}

// selectRows reads the same rows by the plan's list.
func selectRows(t *testing.T, conn *client.Conn, plan *row.Plan, order string) []encoded {
	t.Helper()
	s := plan.Schema()
	sql := fmt.Sprintf("SELECT %s FROM %s.%s ORDER BY %s", plan.SelectList(), s.Database, s.Table, order)
	var rows []encoded
	var out row.Row
	var result mysql.Result
	err := conn.ExecuteSelectStreaming(sql, &result, func(values []mysql.FieldValue) error {
		if err := plan.FromText(values, &out); err != nil {
			return err
		}
		rows = append(rows, encodedOf(&out))
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
