package retention

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

// clock gives a moment so many seconds after the first file was begun.
func clock(s int) time.Time { return time.Date(2026, 11, 20, 10, 0, s, 0, time.UTC) }

func file(name string, size uint64, begun int) File {
	return File{Name: name, Size: size, Begun: clock(begun)}
}

// files are begun a thousand seconds after each other.
func files() []File {
	return []File{file("log.1", 100, 0), file("log.2", 200, 1000), file("log.3", 300, 2000), file("log.4", 50, 3000)}
}

func days(n float64) Rules {
	return Rules{Keep: duration(n * 86400), KeepBy: "binlog_expire_logs_seconds=86400"}
}

func TestLog_Left(t *testing.T) {
	t.Parallel()
	const day = "the server keeps a file for 86400 s after its end (binlog_expire_logs_seconds=86400)"
	unread := files()
	unread[2].Begun = time.Time{}
	tests := map[string]struct {
		log  Log
		file string
		now  int
		want Left
		ok   bool
	}{
		"OK from the end of a file on": {
			Log{Files: files(), Rules: days(1)},
			"log.2", 3600,
			Left{For: 84800 * time.Second, Counting: true, Reason: "log.2, begun at 2026-11-20 10:16:40 UTC, ended at 2026-11-20 10:33:20 UTC; " + day},
			true,
		},
		"OK the file being written": {
			Log{Files: files(), Rules: days(1)},
			"log.4", 99999999,
			Left{For: 86400 * time.Second, Reason: "log.4, begun at 2026-11-20 10:50:00 UTC, is being written; " + day},
			true,
		},
		"OK at any moment": {
			Log{Files: files(), Rules: days(1)},
			"log.1", 1000 + 86401,
			Left{Counting: true, Reason: "log.1, begun at 2026-11-20 10:00:00 UTC, ended at 2026-11-20 10:16:40 UTC; " + day},
			true,
		},
		"OK deleted": {
			Log{Files: files(), Rules: days(1)}, "log.0", 3600, Left{Counting: true, Gone: true, Reason: "log.0, which is not there any more"}, true,
		},
		"OK deleted where nothing is deleted by itself": {
			Log{Files: files()}, "log.0", 3600, Left{Counting: true, Gone: true, Reason: "log.0, which is not there any more"}, true,
		},
		"OK when its own begin is not known": {
			Log{Files: unread, Rules: days(1)},
			"log.3", 3600,
			Left{For: 85800 * time.Second, Counting: true, Reason: "log.3 ended at 2026-11-20 10:50:00 UTC; " + day},
			true,
		},
		"OK by size": { // 550 bytes in 1000 s since log.2 was begun
			Log{Files: files(), Rules: Rules{Limit: 1100, LimitBy: "max_binlog_total_size"}},
			"log.2", 2000,
			Left{For: 1000 * time.Second, Counting: true, Reason: "log.2, begun at 2026-11-20 10:16:40 UTC, and the files behind it have 550 bytes; the server keeps 1100 (max_binlog_total_size), and has written 1 bytes a second since"},
			true,
		},
		"OK by size at any moment": {
			Log{Files: files(), Rules: Rules{Limit: 550, LimitBy: "max_binlog_total_size"}},
			"log.2", 2000,
			Left{Counting: true, Reason: "log.2, begun at 2026-11-20 10:16:40 UTC, and the files behind it have 550 bytes; the server keeps 550 (max_binlog_total_size)"},
			true,
		},
		"OK what comes first": {
			Log{Files: files(), Rules: Rules{Keep: 1500 * time.Second, KeepBy: "x", Limit: 1100, LimitBy: "y"}},
			"log.2", 3000,
			Left{For: 500 * time.Second, Counting: true, Reason: "log.2, begun at 2026-11-20 10:16:40 UTC, ended at 2026-11-20 10:33:20 UTC; the server keeps a file for 1500 s after its end (x)"},
			true,
		},
		"OK as was seen": {
			Log{Files: files(), Rules: days(1), Observed: time.Hour},
			"log.1", 2000,
			Left{For: 2600 * time.Second, Counting: true, Reason: "log.1, begun at 2026-11-20 10:00:00 UTC, ended at 2026-11-20 10:16:40 UTC; the server keeps a file for 3600 s after its end (it was seen to delete them at that age, sooner than binlog_expire_logs_seconds=86400 says)"},
			true,
		},
		"OK as was seen where it should not": {
			Log{Files: files(), Rules: Rules{None: "binlog_expire_logs_auto_purge=OFF"}, Observed: time.Hour},
			"log.1", 1000,
			Left{For: time.Hour, Counting: true, Reason: "log.1, begun at 2026-11-20 10:00:00 UTC, ended at 2026-11-20 10:16:40 UTC; the server keeps a file for 3600 s after its end (it was seen to delete them at that age, sooner than binlog_expire_logs_auto_purge=OFF says)"},
			true,
		},
		"begun since the list was made": {
			Log{Files: files(), Rules: days(1)}, "log.5", 3600, Left{Reason: "log.5 is not among the files of the log"}, false,
		},
		"no list": {Log{Rules: days(1)}, "log.5", 3600, Left{Reason: "log.5 is not among the files of the log"}, false},
		"never": {
			Log{Files: files(), Rules: Rules{None: "binlog_expire_logs_seconds=0"}},
			"log.1", 1000,
			Left{Reason: "the server deletes no files by itself: binlog_expire_logs_seconds=0"},
			false,
		},
		"an end that is not known": {
			Log{Files: unread, Rules: days(1)}, "log.2", 3600, Left{Reason: "it cannot be read when log.3 was begun"}, false,
		},
		"a size of which the rate is not known": {
			Log{Files: unread, Rules: Rules{Limit: 5000}}, "log.3", 3600, Left{Reason: "it cannot be read when log.3 was begun"}, false,
		},
		"the file being written, by size": {
			Log{Files: files(), Rules: Rules{Limit: 5000, None: "none"}}, "log.4", 3600, Left{Reason: "the server deletes no files by itself: none"}, false,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := tt.log.Left(tt.file, clock(tt.now))
			if diff := cmp.Diff(tt.want, got); diff != "" || ok != tt.ok {
				t.Errorf("known: %t, want %t\n%s", ok, tt.ok, diff)
			}
		})
	}
}

func TestRulesOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		variables map[string]string
		want      Rules
	}{
		"OK MySQL 8.4": {
			map[string]string{"binlog_expire_logs_seconds": "2592000", "binlog_expire_logs_auto_purge": "ON"},
			Rules{Keep: 2592000 * time.Second, KeepBy: "binlog_expire_logs_seconds=2592000"},
		},
		"OK MySQL 8.0 with days": {
			map[string]string{"binlog_expire_logs_seconds": "0", "expire_logs_days": "3"},
			Rules{Keep: 72 * time.Hour, KeepBy: "expire_logs_days=3"},
		},
		"OK MySQL 5.7": {map[string]string{"expire_logs_days": "7"}, Rules{Keep: 7 * 24 * time.Hour, KeepBy: "expire_logs_days=7"}},
		"OK MariaDB has both": {
			map[string]string{"binlog_expire_logs_seconds": "43200", "expire_logs_days": "0.500000"},
			Rules{Keep: 12 * time.Hour, KeepBy: "binlog_expire_logs_seconds=43200"},
		},
		"OK MariaDB 10.5": {map[string]string{"expire_logs_days": "0.500000"}, Rules{Keep: 12 * time.Hour, KeepBy: "expire_logs_days=0.500000"}},
		"OK MariaDB by size": {
			map[string]string{"binlog_expire_logs_seconds": "0", "expire_logs_days": "0.000000", "max_binlog_total_size": "1048576"},
			Rules{Limit: 1 << 20, LimitBy: "max_binlog_total_size", None: "binlog_expire_logs_seconds=0"},
		},
		"never": {map[string]string{"binlog_expire_logs_seconds": "0", "max_binlog_total_size": "0"}, Rules{None: "binlog_expire_logs_seconds=0"}},
		"never, whatever the age": {
			map[string]string{"binlog_expire_logs_seconds": "60", "binlog_expire_logs_auto_purge": "OFF"}, Rules{None: "binlog_expire_logs_auto_purge=OFF"},
		},
		"nothing known": {nil, Rules{None: "it has neither binlog_expire_logs_seconds nor expire_logs_days"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, RulesOf(tt.variables)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// look is what an Observer sees at a time: the files from first to last, the n-th
// of which was begun at n thousand seconds.
type look struct{ at, first, last int }

func TestObserver(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rules Rules
		looks []look
		want  time.Duration
	}{
		"OK nothing goes":                   {days(30), []look{{5100, 1, 5}, {6100, 1, 6}}, 0},
		"OK files go as the server is told": {Rules{Keep: 2000 * time.Second}, []look{{3900, 1, 3}, {4001, 2, 4}, {5001, 3, 5}, {6001, 4, 6}}, 0},
		"OK seen once":                      {days(30), []look{{5100, 1, 5}, {5160, 3, 5}}, 0},
		"sooner than the server is told":    {days(30), []look{{5100, 3, 5}, {6100, 4, 6}, {7100, 5, 7}}, 1100 * time.Second}, // log.4 ended at 5000, and was there at 6100
		"where nothing should go":           {Rules{}, []look{{5100, 3, 5}, {6100, 4, 6}, {7100, 5, 7}}, 1100 * time.Second},
		"the longer of two":                 {days(30), []look{{5100, 3, 5}, {5900, 4, 5}, {7100, 5, 7}, {7200, 6, 7}}, 1100 * time.Second},
		"OK given up as a file grows older": {days(30), []look{{5100, 3, 5}, {6100, 4, 6}, {7100, 5, 7}, {9000, 5, 9}, {10900, 5, 10}}, 0},
		"OK limited by size":                {Rules{Keep: time.Hour, Limit: 9}, []look{{5100, 3, 5}, {6100, 4, 6}, {7100, 5, 7}}, 0},
		"OK the log was reset":              {days(30), []look{{5100, 3, 5}, {6100, 4, 6}, {7100, 1, 2}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var o Observer
			o.See(nil, tt.rules, clock(0))
			for _, l := range tt.looks {
				var have []File
				for n := l.first; n <= l.last; n++ {
					have = append(have, file("log."+string(rune('0'+n%10)), 1, n*1000))
					if n == 10 {
						have[len(have)-1].Name = "log.10"
					}
				}
				o.See(have, tt.rules, clock(l.at))
			}
			if got := o.Age(); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNeeded(t *testing.T) {
	t.Parallel()
	const a = "aaaaaaaa-0000-0000-0000-000000000000:"
	// What was executed before each file.
	sets := map[string]string{"log.1": a + "1-10", "log.2": a + "1-20", "log.3": a + "1-20", "log.4": a + "1-30"}
	tests := map[string]struct {
		done, want string
		there      bool
	}{
		"OK in the first":                 {a + "1-15", "log.1", true},
		"OK at its begin":                 {a + "1-10", "log.1", true},
		"OK behind a file without any":    {a + "1-20", "log.3", true},
		"OK in the one being written":     {a + "1-30", "log.4", true},
		"OK all is done":                  {a + "1-99", "log.4", true},
		"OK a gap":                        {a + "1-14:16-99", "log.1", true},
		"what was before the first":       {a + "1-9", "", false},
		"a gap before the first":          {a + "1-4:6-99", "", false},
		"nothing done, of another server": {"", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			done := parse(t, tt.done)
			got, there, err := Needed(files(), done, func(f string) (*gtid.Set, error) { return parse(t, sets[f]), nil })
			if got != tt.want || there != tt.there || err != nil {
				t.Errorf("got %q, %t, %v; want %q, %t", got, there, err, tt.want, tt.there)
			}
		})
	}
	t.Run("a question that fails", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("no answer")
		_, _, err := Needed(files(), parse(t, a+"1-15"), func(string) (*gtid.Set, error) { return nil, broken })
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("few of many files are asked for", func(t *testing.T) {
		t.Parallel()
		many := make([]File, 4096)
		asked := 0
		_, there, err := Needed(many, parse(t, a+"1-15"), func(string) (*gtid.Set, error) { asked++; return &gtid.Set{}, nil })
		if asked > 13 || !there || err != nil {
			t.Errorf("%d questions, %t, %v", asked, there, err)
		}
	})
}

func parse(t *testing.T, text string) *gtid.Set {
	t.Helper()
	s, err := gtid.ParseSet(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
