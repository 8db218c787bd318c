package snapshot

import (
	"context"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// copyTable streams a table in the order of its primary key.
func (s *Snapshot) copyTable(ctx context.Context, conn *server.Conn, t *source) error {
	id, err := s.w.Schema(t.plan.Schema())
	if err != nil {
		return err
	}
	s.marks.table(id)
	var result mysql.Result
	defer result.Close()
	var rows uint64
	var own error // not the server's
	err = conn.ExecuteSelectStreaming(query(t, "ASC"), &result, func(values []mysql.FieldValue) error {
		rows++
		own = s.copyRow(ctx, t, values)
		return own
	}, nil)
	if own != nil {
		return own
	}
	if err != nil {
		return server.Marked(err)
	}
	return s.whole(conn, t, rows)
}

func (s *Snapshot) copyRow(ctx context.Context, t *source, values []mysql.FieldValue) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := t.plan.FromText(values, s.marks.next()); err != nil {
		return sdk.Permanent(err)
	}
	s.done.row(s)
	return s.marks.add()
}

// name of the table, quoted.
func (t *source) name() string {
	return server.Quote(t.def.Database) + "." + server.Quote(t.def.Name)
}

// query asks for the rows by their key, in rising (ASC) or falling order (DESC).
func query(t *source, order string) string {
	var b strings.Builder
	b.WriteString("SELECT " + t.plan.SelectList() + " FROM " + t.name())
	for i, c := range primaryKey(t.def) {
		if i == 0 {
			b.WriteString(" ORDER BY ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(server.Quote(c))
		if order == "DESC" {
			b.WriteString(" DESC")
		}
	}
	return b.String()
}

// primaryKey returns its columns; other keys are not worth a sort.
func primaryKey(t *table.Table) []string {
	i := t.FindIndex(table.Primary)
	if i < 0 {
		return nil
	}
	var columns []string
	for _, p := range t.Indexes[i].Parts {
		if p.Prefix > 0 || p.Column == "" {
			return nil
		}
		columns = append(columns, p.Column)
	}
	return columns
}
