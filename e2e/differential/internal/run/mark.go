package run

import (
	"context"
	"fmt"
	"time"

	"github.com/go-mysql-org/go-mysql/client"

	"github.com/leat-io/leat/e2e/differential/internal/topics"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// A mark is a row of a table beside the case's own: once a contender has sent it, everything
// before it in the log has been sent too.
const markTable = "m"

// marker writes marks. The table is in a database of its own, which no statement of a case touches.
type marker struct {
	conn     *client.Conn
	database string
	last     int64
}

func newMarker(conn *client.Conn, database string) (*marker, error) {
	for _, s := range []string{
		"DROP DATABASE IF EXISTS " + database, "CREATE DATABASE " + database,
		"CREATE TABLE " + database + "." + markTable + " (id BIGINT PRIMARY KEY)",
		"INSERT INTO " + database + "." + markTable + " VALUES (0)",
	} {
		if _, err := conn.Execute(s); err != nil {
			return nil, fmt.Errorf("make marks: %w", err)
		}
	}
	return &marker{conn: conn, database: database}, nil
}

func (m *marker) write() (int64, error) {
	m.last++
	if _, err := m.conn.Execute(fmt.Sprintf("INSERT INTO %s.%s VALUES (%d)", m.database, markTable, m.last)); err != nil {
		return 0, fmt.Errorf("write mark: %w", err)
	}
	return m.last, nil
}

// until writes marks until done is closed: those of the time before a contender streams are in
// its snapshot, or are lost on it.
func (m *marker) until(ctx context.Context, done <-chan struct{}) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := m.write(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-done:
			return nil
		case <-tick.C:
		}
	}
}

// streamedMarks returns the marks among records that were not part of a snapshot.
func streamedMarks(records []*topics.Record) map[int64]bool {
	out := map[int64]bool{}
	for _, r := range records {
		id, ok := tree.Get(r.Value, "after", "id").(int64)
		if ok && tree.Get(r.Value, "op") == "c" {
			out[id] = true
		}
	}
	return out
}
