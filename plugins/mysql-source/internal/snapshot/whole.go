package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// errCut is a result that ended too early. Nothing in the protocol tells it from
// one that is whole.
var errCut = errors.New("the server, or what stands before it, ended the rows of the table early and said nothing: look for limits of results in a proxy (MaxScale's maxrows, rules that rewrite queries) and in plugins (Rewriter)")

// whole makes sure that all rows of a table came: the last of them must be the
// last that the table has by its key, which costs one look into an index. Where
// there is no key to go by, or that looks wrong, the rows are counted.
func (s *Snapshot) whole(conn *server.Conn, t *source, rows uint64) error {
	if !t.transactional {
		return nil // its rows go on changing, for which there is the stream
	}
	if len(primaryKey(t.def)) > 0 {
		last, err := lastRow(conn, t)
		if err != nil {
			return err
		}
		if rows == 0 && last == nil || rows > 0 && last != nil && bytes.Equal(last.Value, s.marks.rows[0].Value) {
			return nil
		}
	}
	text, err := conn.Value("SELECT COUNT(*) FROM " + t.name())
	if err != nil {
		return err
	}
	if text != strconv.FormatUint(rows, 10) {
		return sdk.Permanent(fmt.Errorf("%d of %s rows came: %w", rows, text, errCut))
	}
	return nil
}

// lastRow returns the row with the largest key, nil if there is none.
func lastRow(conn *server.Conn, t *source) (*row.Row, error) {
	var last *row.Row
	var result mysql.Result
	defer result.Close()
	var own error // not the server's
	err := conn.ExecuteSelectStreaming(query(t, "DESC")+" LIMIT 1", &result, func(values []mysql.FieldValue) error {
		last = &row.Row{}
		own = t.plan.FromText(values, last)
		return own
	}, nil)
	if own != nil {
		return last, own
	}
	return last, server.Marked(err)
}
