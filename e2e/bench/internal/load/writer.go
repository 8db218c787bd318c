package load

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/servers"
)

// writers is the number of connections that a Writer uses: enough for its rates,
// few enough to leave the machine to those who are measured.
const writers = 4

// Writer inserts rows one by one, each a transaction, at a rate. The ids count
// from zero.
type Writer struct {
	conns  []*client.Conn
	insert []*client.Stmt
	sent   []time.Time
}

// NewWriter connects; the Writer must be closed.
func NewWriter(ctx context.Context, mysql *servers.MySQLServer, w *Workload) (*Writer, error) {
	out := &Writer{}
	for range writers {
		conn, err := mysql.DB(ctx)
		if err != nil {
			out.Close()
			return nil, err
		}
		out.conns = append(out.conns, conn)
		statement, err := conn.Prepare("INSERT INTO " + w.Database() + "." + Table + " (" + columnsOfBase + ") VALUES (?, ?, ?, ?)")
		if err != nil {
			out.Close()
			return nil, fmt.Errorf("prepare insert: %w", err)
		}
		out.insert = append(out.insert, statement)
	}
	return out, nil
}

// Close lets the connections go.
func (w *Writer) Close() {
	for _, conn := range w.conns {
		_ = conn.Close() // what was to be written has been acknowledged
	}
}

// Sent returns when the statement of each row was sent, by id.
func (w *Writer) Sent() []time.Time { return w.sent }

// Write writes n rows, rate a second.
func (w *Writer) Write(ctx context.Context, rate, n int) error {
	from := len(w.sent)
	w.sent = append(w.sent, make([]time.Time, n)...)
	begin := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for i := range w.insert {
		g.Go(func() error {
			for row := i; row < n; row += len(w.insert) {
				due := begin.Add(time.Duration(row) * time.Second / time.Duration(rate))
				if err := sleepUntil(ctx, due); err != nil {
					return err
				}
				if err := w.row(i, from+row); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func (w *Writer) row(connection, id int) error {
	const digits = "83868641912-28773972837-60736120486-75162659906-27563526494"
	c := strings.Repeat(digits, 2)
	w.sent[id] = time.Now()
	if _, err := w.insert[connection].Execute(id, id*7, c, digits); err != nil {
		return fmt.Errorf("insert row %d: %w", id, err)
	}
	return nil
}

func sleepUntil(ctx context.Context, due time.Time) error {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
