package snapshot

import (
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

const (
	// reportEvery is how often progress is logged.
	reportEvery = 10 * time.Second
	// lookEvery is after how many rows the clock is looked at.
	lookEvery = 1 << 10
)

// progress counts rows and tells of them. The server only guesses how many rows a
// table has, so what was copied takes the place of the guess as soon as it is more,
// and in any case once the table is done: the total is never less than what is
// done, and equal to it at the end.
type progress struct {
	meter.Snapshot
	rest   uint64 // guesses of the tables that are not begun
	before uint64 // rows of the tables that are done
	guess  uint64 // of the table that is copied
	ended  bool
	// When the snapshot, and the table, began, and when it was told of last.
	began, tableBegan, report time.Time
}

func (p *progress) begin(s *Snapshot) {
	*p = progress{began: time.Now()}
	p.report = p.began
	p.Tables = len(s.tables)
	for _, t := range s.tables {
		p.rest += t.guess
	}
	p.tell(s)
	s.Logger.Info("snapshot begins", "tables", p.Tables, "rows_estimated", p.Total, "position", s.at)
}

// table begins a table of which the server guesses the rows.
func (p *progress) table(s *Snapshot, name table.Name, guess uint64) {
	p.Table, p.TableRows, p.guess = name, 0, guess
	p.rest -= min(guess, p.rest)
	p.tableBegan = time.Now()
	p.tell(s)
}

// tableDone has the rows that came be those of the table.
func (p *progress) tableDone(s *Snapshot) {
	name, rows := p.Table, p.TableRows
	p.TablesDone++
	p.before += rows
	p.Table, p.TableRows, p.guess = table.Name{}, 0, 0
	p.tell(s)
	s.Logger.Info("table copied", "table", name.String(), "rows", rows, "seconds", int64(time.Since(p.tableBegan).Seconds()),
		"tables_done", p.TablesDone, "tables", p.Tables, "done", p.percent())
}

// end is when all tables are done.
func (p *progress) end(s *Snapshot) {
	p.ended = true
	p.tell(s)
}

func (p *progress) row(s *Snapshot) {
	if p.TableRows++; p.TableRows%lookEvery != 0 {
		return
	}
	p.tell(s)
	now := time.Now()
	if now.Sub(p.report) < reportEvery {
		return
	}
	p.report = now
	s.Logger.Info("snapshot goes on", "rows", p.Rows, "rows_per_second", int(float64(p.Rows)/now.Sub(p.began).Seconds()), "done", p.percent(),
		"table", p.Table.String(), "table_rows", p.TableRows, "table_rows_estimated", p.TableTotal, "tables_done", p.TablesDone, "tables", p.Tables)
}

// tell shows how far it is.
func (p *progress) tell(s *Snapshot) {
	p.sum()
	s.Meter.SetSnapshot(p.Snapshot)
}

func (p *progress) sum() {
	p.TableTotal = max(p.guess, p.TableRows)
	p.Rows = p.before + p.TableRows
	p.Total = p.before + p.TableTotal + p.rest
}

// percent of the rows; 100 when all tables are done and no sooner.
func (p *progress) percent() string {
	switch {
	case p.ended || p.Tables == p.TablesDone:
		return "100%"
	case p.Total == 0:
		return "unknown"
	}
	return fmt.Sprintf("%d%%", min(99, p.Rows*100/p.Total))
}
