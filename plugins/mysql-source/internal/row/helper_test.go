package row_test

import (
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// parse reads a table from the columns of a CREATE TABLE.
func parse(t testing.TB, columns string) *table.Table {
	t.Helper()
	def, err := ddl.ParseTable("d", "CREATE TABLE `t` ("+columns+") DEFAULT CHARSET=utf8mb4", ddl.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	return def
}

func compile(t testing.TB, columns string) *row.Plan {
	t.Helper()
	p, err := row.Compile(parse(t, columns), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// event describes columns as a TABLE_MAP event does: type and metadata in turn.
func event(typesAndMeta ...uint16) *replication.TableMapEvent {
	m := &replication.TableMapEvent{Schema: []byte("d"), Table: []byte("t"), ColumnCount: uint64(len(typesAndMeta) / 2)}
	for i := 0; i < len(typesAndMeta); i += 2 {
		m.ColumnType = append(m.ColumnType, byte(typesAndMeta[i]))
		m.ColumnMeta = append(m.ColumnMeta, typesAndMeta[i+1])
	}
	return m
}

func binlog(t testing.TB, p *row.Plan, m *replication.TableMapEvent) *row.Image {
	t.Helper()
	image, err := p.Binlog(m)
	if err != nil {
		t.Fatal(err)
	}
	return image
}
