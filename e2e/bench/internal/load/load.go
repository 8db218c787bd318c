// Package load makes the work of the benchmark: tables, the rows in them, and the
// changes of those rows, the same in every run of the benchmark.
//
// All rows come from one table of random ones, as sysbench makes them, which is
// loaded once; the server makes the rest by itself, so that writing a backlog costs
// little. Start reading at Workload.
package load

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/servers"
)

// Table is the captured table of every workload's database, and Marker another one
// by which a contender shows that it captures.
const (
	Table  = "t"
	Marker = "marker"
)

// Workload is one kind of work.
type Workload struct {
	// Name on the command line, and Title in the report.
	Name, Title string
	// Snapshot means that the rows are there before the contender first starts; else
	// they are written while it is down, and it resumes.
	Snapshot bool
	// Records that must arrive in the table's topic.
	Records int64
	// Rates are the rows per second of a workload that measures latency.
	Rates []int

	columns string
	// scripts write the rows, beside each other, a connection each.
	scripts [][]string
}

// Database holds the workload's tables, none of others.
func (w *Workload) Database() string { return "bench_" + w.Name }

// Prepare makes the database anew, with the tables and, for a snapshot, the rows.
func (w *Workload) Prepare(ctx context.Context, mysql *servers.MySQLServer) error {
	db := w.Database()
	statements := []string{"DROP DATABASE IF EXISTS " + db}
	if w.Snapshot {
		statements = append(statements, "SET sql_log_bin = 0") // what nobody captures need not be in the log
	}
	statements = append(statements, "CREATE DATABASE "+db, "USE "+db,
		"CREATE TABLE "+Table+" "+w.columns, "CREATE TABLE "+Marker+" (id BIGINT AUTO_INCREMENT PRIMARY KEY)")
	if w.Snapshot {
		for _, script := range w.scripts {
			statements = append(statements, script...)
		}
	}
	if !w.Snapshot {
		// The server looks for a contender's place from the start of a log file.
		statements = append(statements, "FLUSH BINARY LOGS")
	}
	if err := mysql.Exec(ctx, statements...); err != nil {
		return fmt.Errorf("prepare workload %s: %w", w.Name, err)
	}
	return nil
}

// Mark inserts a row into the marker table.
func (w *Workload) Mark(ctx context.Context, mysql *servers.MySQLServer) error {
	return mysql.Exec(ctx, "INSERT INTO "+w.Database()+"."+Marker+" VALUES ()")
}

// Write writes the backlog.
func (w *Workload) Write(ctx context.Context, mysql *servers.MySQLServer) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, script := range w.scripts {
		g.Go(func() error { return mysql.Exec(ctx, append([]string{"USE " + w.Database()}, script...)...) })
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("write workload %s: %w", w.Name, err)
	}
	return nil
}

// Drop removes the workload's tables.
func (w *Workload) Drop(ctx context.Context, mysql *servers.MySQLServer) error {
	return mysql.Exec(ctx, "DROP DATABASE IF EXISTS "+w.Database())
}
