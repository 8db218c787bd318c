package monitor

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/retention"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

const (
	a = "aaaaaaaa-0000-0000-0000-000000000000"
	b = "bbbbbbbb-0000-0000-0000-000000000000"
)

func set(t *testing.T, text string) *gtid.Set {
	t.Helper()
	s, err := gtid.ParseSet(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asleep is a monitor that asks nobody; what it logs is in the buffer.
func asleep(t *testing.T, facts *server.Facts) (*Monitor, *bytes.Buffer) {
	t.Helper()
	m, err := meter.New(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	out := &Monitor{Settings: Settings{Logger: slog.New(slog.NewTextHandler(&log, nil)), Meter: m, Every: Every}, facts: facts}
	out.files.take(listed(7, 100, 200, 300))
	return out, &log
}

func TestMonitor_transactions(t *testing.T) {
	t.Parallel()
	mysql, mariaDB := &server.Facts{UUID: a, ByGTID: true}, &server.Facts{UUID: "server_id-1", MariaDB: true}
	executed := set(t, a+":1-100, "+b+":1-10")
	last := map[uint32]uint64{0: 50, 3: 7}
	tests := map[string]struct {
		facts  *server.Facts
		read   meter.Tail
		tail   server.Tail
		ignore bool // those of b
		want   any
	}{
		"OK by GTID":                      {mysql, meter.Tail{Server: a, Counted: true, Transactions: 90}, server.Tail{Executed: executed}, false, uint64(20)},
		"OK what is left out":             {mysql, meter.Tail{Server: a, Counted: true, Transactions: 90}, server.Tail{Executed: executed}, true, uint64(10)},
		"OK all is read":                  {mysql, meter.Tail{Server: a, Counted: true, Transactions: 110}, server.Tail{Executed: executed}, false, uint64(0)},
		"OK another server answers":       {mysql, meter.Tail{Server: b, Counted: true, Transactions: 110}, server.Tail{Executed: executed}, false, uint64(0)},
		"OK one that is behind":           {mysql, meter.Tail{Server: b, Counted: true, Transactions: 120}, server.Tail{Executed: executed}, false, uint64(0)},
		"OK MariaDB":                      {mariaDB, meter.Tail{Server: "server_id-1", Domains: map[uint32]uint64{0: 40, 3: 7}}, server.Tail{Domains: last}, false, uint64(10)},
		"OK MariaDB before a domain came": {mariaDB, meter.Tail{Server: "server_id-1", Start: at(7, 4), Domains: map[uint32]uint64{3: 7}}, server.Tail{Domains: last}, false, uint64(5)},
		"MariaDB, another server":         {mariaDB, meter.Tail{Server: "server_id-2", Domains: map[uint32]uint64{0: 40}}, server.Tail{Domains: last}, false, "unknown"},
		"nothing was read":                {mysql, meter.Tail{}, server.Tail{Executed: executed}, false, "unknown"},
		"by file":                         {mysql, meter.Tail{Server: a}, server.Tail{}, false, "unknown"},
		"by file on a server with GTIDs":  {mysql, meter.Tail{Server: a}, server.Tail{Executed: executed}, false, "unknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, _ := asleep(t, tt.facts)
			m.start = domains{at(7, 4), map[uint32]uint64{0: 45}}
			if tt.ignore {
				m.Ignore = func(u gtid.UUID) bool { return u.String() == b }
			}
			got, err := m.transactions(tt.read, &tt.tail)
			if err != nil {
				t.Fatal(err)
			}
			var shown any = "unknown"
			if got != nil {
				shown = *got
			}
			if shown != tt.want {
				t.Errorf("got %v, want %v", shown, tt.want)
			}
		})
	}
}

func TestMonitor_askBehind(t *testing.T) {
	t.Parallel()
	m, _ := asleep(t, &server.Facts{UUID: a, ByGTID: true})
	sinks := []Sink{
		{Name: "near", At: position.Position{Server: a, GTID: set(t, a+":1-99"), Place: at(9, 250)}},
		{Name: "far", At: position.Position{Server: b, GTID: set(t, a+":1-40"), Place: at(7, 4)}},
	}
	tail := &server.Tail{Executed: set(t, a+":1-100"), End: at(9, 300)}
	if err := m.askBehind(meter.Tail{Server: a, Place: at(8, 150), Counted: true, Transactions: 98}, tail, sinks); err != nil {
		t.Fatal(err)
	}
	var p sdk.Progress
	m.Report(&p)
	if p.TransactionsBehind == nil || *p.TransactionsBehind != 2 || p.Retention != nil {
		t.Errorf("got %+v", p)
	}
	near, far, bytes, left := uint64(1), uint64(60), uint64(50+300), uint64(50)
	want := meter.Behind{Bytes: &bytes, Sinks: map[string]meter.SinkBehind{"near": {Transactions: &near, Bytes: &left}, "far": {Transactions: &far}}}
	if diff := cmp.Diff(want, m.Meter.BehindNow()); diff != "" {
		t.Error(diff)
	}
}

func TestMonitor_slowest(t *testing.T) {
	t.Parallel()
	byFile := func(name string, p position.Place) Sink {
		return Sink{Name: name, At: position.Position{Server: a, Place: p}}
	}
	byGTID := func(name, done string) Sink {
		return Sink{Name: name, At: position.Position{Server: b, GTID: set(t, done)}}
	}
	before := map[string]*gtid.Set{"log.000007": set(t, a+":1-10"), "log.000008": set(t, a+":1-20"), "log.000009": set(t, a+":1-30")}
	tests := map[string]struct {
		byGTID bool
		sinks  []Sink
		want   *need
	}{
		"OK none":                             {false, nil, nil},
		"OK by file":                          {false, []Sink{byFile("x", at(9, 4)), byFile("y", at(8, 4)), byFile("z", at(9, 4))}, &need{sink: "y", file: "log.000008"}},
		"OK the first of two":                 {false, []Sink{byFile("x", at(8, 4)), byFile("y", at(8, 9))}, &need{sink: "x", file: "log.000008"}},
		"OK by GTID":                          {true, []Sink{byGTID("x", a+":1-30"), byGTID("y", a+":1-15")}, &need{sink: "y", file: "log.000007"}},
		"OK one of which the log has gone":    {true, []Sink{byGTID("x", a+":1-15"), byGTID("y", a+":1-9")}, &need{sink: "y", file: "log.000007", gone: true}},
		"OK a position of before, by file":    {true, []Sink{byFile("x", at(8, 4)), byGTID("y", a+":1-30")}, &need{sink: "x", file: "log.000008"}},
		"by file, of another server":          {false, []Sink{{Name: "x", At: position.Position{Server: b, Place: at(8, 4)}}}, nil},
		"by GTID, and the server has no such": {false, []Sink{byGTID("x", a+":1-15")}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, _ := asleep(t, &server.Facts{UUID: a, ByGTID: tt.byGTID})
			m.files.previous = before
			got, err := m.slowest(tt.sinks)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(need{})); diff != "" || err != nil {
				t.Errorf("error %v\n%s", err, diff)
			}
		})
	}
}

// namesRules says whether a cure names each setting by which a server deletes its log.
func namesRules(cure string) bool {
	for _, rule := range []string{"binlog_expire_logs_seconds", "expire_logs_days", "max_binlog_total_size"} {
		if !strings.Contains(cure, rule) {
			return false
		}
	}
	return true
}

// Each level is told of once, the worst of it by a notice as long as it holds.
func TestMonitor_warn(t *testing.T) {
	t.Parallel()
	m, log := asleep(t, nil)
	left := func(d time.Duration, counting bool) *keep {
		return &keep{sink: "k", known: true, at: time.Now(), first: retention.Left{For: d, Counting: counting}, reason: "why"}
	}
	lost := left(0, true)
	lost.first.Gone = true
	aged := left(25*time.Hour, true)
	aged.at = aged.at.Add(-2 * time.Hour)
	steps := []struct {
		what    string
		keep    *keep
		logs    string // a new line
		message string // of the notice
	}{
		{"two days", left(48*time.Hour, true), "", ""},
		{"an hour of a file that is written", left(time.Hour, false), "", ""},
		{"a day, by now", aged, "level=WARN", "within the day: why"},
		{"less", left(2*time.Hour, true), "", "within the day: why"},
		{"not known just now", nil, "", ""},
		{"an hour", left(59*time.Minute, true), "level=WARN", "within the hour: why"},
		{"any moment", left(0, true), "", "within the hour: why"},
		{"gone", lost, "level=ERROR", "has deleted log that the sink still needs: why"},
		{"still gone", lost, "", "has deleted log that the sink still needs: why"},
		{"the sink has caught up", left(72*time.Hour, true), "level=INFO", ""},
		{"and falls behind", left(time.Minute, true), "level=WARN", "within the hour: why"},
		{"no end", &keep{sink: "k"}, "level=INFO", ""},
	}
	began := time.Now()
	for _, s := range steps {
		log.Reset()
		m.showKeep(s.keep)
		if n := strings.Count(log.String(), "\n"); s.logs == "" && n != 0 || s.logs != "" && (n != 1 || !strings.Contains(log.String(), s.logs)) {
			t.Errorf("%s: the log has %q, want %q", s.what, log.String(), s.logs)
		}
		got := m.Notices()
		if s.message == "" && len(got) > 0 || s.message != "" && (len(got) != 1 || !strings.HasSuffix(got[0].Message, s.message) || !namesRules(got[0].Cure) && s.logs != "level=ERROR" && s.what != "still gone" || got[0].Sinks[0] != "k" || got[0].Since.Before(began)) {
			t.Errorf("%s: notices %+v, want %q", s.what, got, s.message)
		}
	}
}

func TestKeep_left(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	k := &keep{known: true, at: now, first: retention.Left{For: time.Minute, Counting: true}}
	for after, want := range map[time.Duration]time.Duration{0: time.Minute, 20 * time.Second: 40 * time.Second, time.Hour: 0} {
		if got, known := k.left(now.Add(after)); got != want || !known {
			t.Errorf("after %v: %v, want %v", after, got, want)
		}
	}
	k.first.Counting = false
	if got, _ := k.left(now.Add(time.Hour)); got != time.Minute {
		t.Errorf("time of a file that is written runs out: %v", got)
	}
}
