package snapshot

import (
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
)

const (
	// reportEvery is how often progress is logged.
	reportEvery = 10 * time.Second
	// lookEvery is after how many rows the clock is looked at.
	lookEvery = 1 << 10
)

// progress counts rows and tells of them.
type progress struct {
	rows, total   uint64
	began, report time.Time
}

func (p *progress) begin(s *Snapshot) {
	p.began = time.Now()
	p.report = p.began
	for _, t := range s.tables {
		p.total += t.guess
	}
	s.Meter.Snapshot(meter.Total, p.total)
	s.Meter.Snapshot(meter.Done, 0)
	s.Logger.Info("snapshot begins", "tables", len(s.tables), "rows_estimated", p.total, "position", string(s.at.Base()))
}

func (p *progress) row(s *Snapshot) {
	if p.rows++; p.rows%lookEvery != 0 {
		return
	}
	s.Meter.Snapshot(meter.Done, p.rows)
	now := time.Now()
	if now.Sub(p.report) < reportEvery {
		return
	}
	p.report = now
	s.Logger.Info("snapshot goes on", "rows", p.rows, "rows_per_second", int(float64(p.rows)/now.Sub(p.began).Seconds()), "done", p.percent())
}

// percent of the server's estimate, which may be far off.
func (p *progress) percent() string {
	if p.total == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%d%%", min(99, p.rows*100/p.total))
}
