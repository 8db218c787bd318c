package monitor

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/retention"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

func at(file int, pos uint64) position.Place {
	return position.Place{File: fmt.Sprintf("log.%06d", file), Pos: pos}
}

// listed are files from a number on, of these sizes.
func listed(first int, sizes ...uint64) (out []server.LogFile) {
	for i, size := range sizes {
		out = append(out, server.LogFile{Name: at(first+i, 0).File, Size: size})
	}
	return out
}

func TestFiles_bytes(t *testing.T) {
	t.Parallel()
	var f files
	f.take(listed(7, 100, 200, 300))
	tests := map[string]struct {
		from, to position.Place
		want     uint64
		known    bool
	}{
		"OK none":                           {at(9, 300), at(9, 300), 0, true},
		"OK in a file":                      {at(9, 100), at(9, 300), 200, true},
		"OK over files":                     {at(7, 40), at(9, 250), 60 + 200 + 250, true},
		"OK from the end of a file":         {at(7, 100), at(8, 4), 4, true},
		"OK into one that is not listed":    {at(8, 50), at(10, 20), 150 + 300 + 20, true},
		"OK in one that is not listed":      {at(10, 5), at(10, 20), 15, true},
		"OK read further than was answered": {at(9, 300), at(9, 250), 0, true},
		"from a file that has gone":         {at(6, 4), at(9, 300), 0, false},
		"from a file behind the end":        {at(9, 4), at(8, 4), 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, known := f.bytes(tt.from, tt.to)
			if got != tt.want || known != tt.known {
				t.Errorf("got %d, %t; want %d, %t", got, known, tt.want, tt.known)
			}
		})
	}
}

func TestFiles_take(t *testing.T) {
	t.Parallel()
	moment := time.Unix(1000, 0)
	tests := map[string]struct {
		next []server.LogFile
		kept []string // files of which is known when they were begun
	}{
		"OK the same":                  {listed(7, 100, 200), []string{"log.000007", "log.000008"}},
		"OK grown":                     {listed(7, 100, 250, 10), []string{"log.000007", "log.000008"}},
		"OK the oldest has gone":       {listed(8, 200, 4), []string{"log.000008"}},
		"OK all have gone":             {listed(9, 4), nil},
		"a reset, to lower numbers":    {listed(1, 100, 200), nil},
		"a reset, under the same name": {listed(7, 90, 4), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f files
			f.take(listed(7, 100, 200))
			asked := 0
			f.learnBegun(func(string) time.Time { asked++; return moment }, -1, 0, 1, 2)
			f.learnBegun(func(string) time.Time { asked++; return moment }, 0, 1)
			f.previous["log.000007"] = &gtid.Set{}
			if asked != 2 {
				t.Errorf("%d questions for two files", asked)
			}
			f.take(tt.next)
			var kept []string
			for _, l := range f.list {
				if !l.Begun.IsZero() {
					kept = append(kept, l.Name)
				}
			}
			if diff := cmp.Diff(tt.kept, kept); diff != "" {
				t.Error(diff)
			}
			if _, there := f.previous["log.000007"]; there != (len(kept) > 0 && kept[0] == "log.000007") {
				t.Error("what was executed before a file is kept wrongly")
			}
		})
	}
}

func TestFiles_learnBegun(t *testing.T) {
	t.Parallel()
	var f files
	f.take(listed(7, 100))
	asked := 0
	fails := func(string) time.Time { asked++; return time.Time{} }
	f.learnBegun(fails, 0)
	f.learnBegun(fails, 0)
	if asked != 1 {
		t.Errorf("%d questions that fail before the next list", asked)
	}
	f.take(listed(7, 100))
	f.learnBegun(fails, 0)
	if asked != 2 {
		t.Errorf("%d questions after it", asked)
	}
}

func TestFiles_grow(t *testing.T) {
	t.Parallel()
	var f files
	f.grow(at(7, 50)) // nothing is listed
	f.take(listed(7, 100, 200))
	f.grow(at(8, 250))
	f.grow(at(8, 240)) // answered before
	f.grow(at(9, 999))
	want := []retention.File{{Name: "log.000007", Size: 100}, {Name: "log.000008", Size: 250}}
	if diff := cmp.Diff(want, f.list); diff != "" {
		t.Error(diff)
	}
}

func TestFiles_due(t *testing.T) {
	t.Parallel()
	now := time.Unix(100_000, 0)
	tests := map[string]struct {
		age, took time.Duration
		last      position.Place
		want      bool
	}{
		"OK all is there":                 {59 * time.Second, time.Millisecond, at(8, 4), false},
		"OK a minute old":                 {60 * time.Second, time.Millisecond, at(8, 4), true},
		"OK a file lacks":                 {10 * time.Second, time.Millisecond, at(9, 4), true},
		"OK a list that takes a second":   {99 * time.Second, time.Second, at(9, 4), false},
		"OK and is needed":                {100 * time.Second, time.Second, at(8, 4), true},
		"OK a list that takes a minute":   {599 * time.Second, time.Minute, at(9, 4), false},
		"OK is made every ten minutes":    {600 * time.Second, time.Minute, at(8, 4), true},
		"OK a place that is not known":    {10 * time.Second, time.Millisecond, position.Place{}, false},
		"OK a place before the first one": {10 * time.Second, time.Millisecond, at(1, 4), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f files
			if !f.due(now, []position.Place{at(7, 4)}, Every) {
				t.Error("the first list is not made")
			}
			f.take(listed(7, 100, 200))
			f.at, f.took = now.Add(-tt.age), tt.took
			if got := f.due(now, []position.Place{at(7, 4), tt.last}, Every); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}
