//go:build e2e

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
)

// The same pipeline on two hosts with checkpoints of their own: the two settle
// instead of ending each other's connections all the time, both say what is wrong,
// both read on, and the cure ends it.
func TestSource_twins(t *testing.T) {
	for name, start := range map[string]starter{"MySQL": servers.MySQL, "MariaDB": servers.MariaDB} {
		t.Run(name, func(t *testing.T) {
			b := benchOn(t, own(t, start), "CREATE TABLE a (id INT PRIMARY KEY)")
			one, two := newRecorder(1), newRecorder(1)
			x, s := b.watched(one)
			x.reading()
			x.until(func() bool { return s.Health() == nil })
			firstLog := b.log
			y, s2 := b.watched(two)
			y.reading()
			secondLog := b.log
			x.unhealthy(s, "another reader has taken the place of this one", "stop the other reader", "server_id")
			time.Sleep(15 * time.Second)
			kicked := strings.Count(firstLog.String(), "connection to MySQL lost") + strings.Count(secondLog.String(), "connection to MySQL lost")
			if kicked > 6 {
				t.Errorf("the two were ended %d times in 15 s", kicked)
			}
			b.exec("INSERT INTO a VALUES (1)")
			x.expect(0, "c a {1}")
			y.expect(0, "c a {1}")
			for _, source := range []*Source{s, s2} {
				notices := source.Notices()
				if len(notices) == 0 || notices[0].Subject != "server_id" || !strings.Contains(notices[0].Cure, "server_id") {
					t.Errorf("notices are %+v", notices)
				}
			}

			y.stop() // what the cure says: with another number
			b.config.ServerID = 4711
			b.config.Heartbeat = 100 * time.Millisecond
			y, s2 = b.watched(two)
			y.reading()
			b.exec("INSERT INTO a VALUES (2)")
			x.expect(0, "c a {1}", "c a {2}")
			y.expect(0, "c a {1}", "c a {2}")
			x.until(func() bool { return s.Health() == nil && s2.Health() == nil })
			if len(s2.Notices()) > 0 {
				t.Errorf("notices are %+v after the cure", s2.Notices())
			}
			x.stop()
			y.stop()
		})
	}
}
