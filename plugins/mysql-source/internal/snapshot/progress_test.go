package snapshot

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// counted is a table with the rows that the server guesses and those that it has.
type counted struct {
	name        string
	guess, rows uint64
}

// progressed runs a progress over tables, and gives after each step how far it is.
func progressed(t *testing.T, tables []counted) (steps []meter.Snapshot, percents []string, log string) {
	t.Helper()
	m, err := meter.New(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := &Snapshot{Settings: Settings{Meter: m, Logger: slog.New(slog.NewTextHandler(&out, nil))}}
	for _, c := range tables {
		s.tables = append(s.tables, &source{guess: c.guess})
	}
	p := &s.done
	see := func() {
		p.sum()
		steps, percents = append(steps, p.Snapshot), append(percents, p.percent())
	}
	p.begin(s)
	see()
	for _, c := range tables {
		p.table(s, table.Name{Database: "d", Table: c.name}, c.guess)
		for range c.rows {
			p.row(s)
			see()
		}
		p.tableDone(s)
		see()
	}
	p.end(s)
	see()
	return steps, percents, out.String()
}

func TestProgress(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		tables []counted
		want   []string // percents that are passed
	}{
		"OK exact":               {[]counted{{"a", 4, 4}}, []string{"0%", "25%", "50%", "75%", "99%", "100%"}},
		"OK guessed too few":     {[]counted{{"a", 1, 4}}, []string{"0%", "99%", "100%"}},
		"OK guessed too many":    {[]counted{{"a", 10, 2}}, []string{"0%", "10%", "20%", "100%"}},
		"OK nothing is known":    {[]counted{{"a", 0, 2}}, []string{"unknown", "99%", "100%"}},
		"OK no rows":             {[]counted{{"a", 0, 0}, {"b", 7, 0}}, []string{"0%", "100%"}},
		"OK no tables":           {nil, []string{"100%"}},
		"OK wrong both ways":     {[]counted{{"a", 2, 6}, {"b", 6, 2}}, []string{"0%", "12%", "25%", "33%", "40%", "45%", "50%", "58%", "66%", "100%"}},
		"OK the rest is a guess": {[]counted{{"a", 100, 1}, {"b", 3, 3}}, []string{"0%", "25%", "50%", "75%", "99%", "100%"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps, percents, _ := progressed(t, tt.tables)
			var passed []string
			for i, s := range steps {
				if s.Rows > s.Total || s.TableRows > s.TableTotal {
					t.Errorf("more than all is done: %+v", s)
				}
				if len(passed) == 0 || passed[len(passed)-1] != percents[i] {
					passed = append(passed, percents[i])
				}
			}
			if diff := cmp.Diff(tt.want, passed); diff != "" {
				t.Error(diff)
			}
			var rows uint64
			for _, c := range tt.tables {
				rows += c.rows
			}
			last := steps[len(steps)-1]
			if diff := cmp.Diff(meter.Snapshot{Rows: rows, Total: rows, Tables: len(tt.tables), TablesDone: len(tt.tables)}, last); diff != "" {
				t.Errorf("at the end: %s", diff)
			}
		})
	}
}

func TestProgress_log(t *testing.T) {
	t.Parallel()
	_, _, log := progressed(t, []counted{{"a", 4, 4}, {"b", 4, 2}})
	for _, line := range []string{
		`msg="snapshot begins" tables=2 rows_estimated=8`,
		`msg="table copied" table=d.a rows=4 seconds=0 tables_done=1 tables=2 done=50%`,
		`msg="table copied" table=d.b rows=2 seconds=0 tables_done=2 tables=2 done=100%`,
	} {
		if !strings.Contains(log, line) {
			t.Errorf("no %s in\n%s", line, log)
		}
	}
	if n := strings.Count(log, "table copied"); n != 2 {
		t.Error(fmt.Sprint(n, " tables are told of"))
	}
}
