package stream

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/health"
	"github.com/leat-io/leat/plugins/mysql-source/internal/history"
)

// A server that is there again is read within five seconds, however long it was
// away and whatever an attempt takes.
func TestBackoff_next(t *testing.T) {
	t.Parallel()
	for name, takes := range map[string]time.Duration{"refused at once": 0, "after a while": 3 * time.Second, "no answer": 10 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b backoff
			now, loud := time.Unix(1000, 0), []int{}
			for n := 1; n <= 1000; n++ {
				b.begin(now)
				now = now.Add(takes)
				wait := b.next(now, float64(n%2))
				if most := max(4*time.Second-takes, firstWait); wait > most || wait < firstWait {
					t.Fatalf("attempt %d that takes %s waits %s", n, takes, wait)
				}
				if n == 1 && wait != firstWait {
					t.Errorf("the first waits %s", wait)
				}
				if b.loud() {
					loud = append(loud, n)
				}
				now = now.Add(wait)
			}
			if got := fmt.Sprint(loud); got != "[1 2 4 8 16 32 64 128 256 512]" {
				t.Errorf("attempts %s are logged", got)
			}
			if !b.since.Equal(time.Unix(1000, 0).Add(takes)) {
				t.Errorf("it is said to go on since %s", b.since)
			}
		})
	}
}

// Attempts are counted anew after a connection that lasted, not after one that
// broke as soon as it was there.
func TestBackoff_reset(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lasts time.Duration
		works bool
		want  int
	}{
		"OK it lasted":       {settled, true, 1},
		"it broke soon":      {settled - 1, true, 6},
		"nothing came of it": {settled, false, 6},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b backoff
			now := time.Unix(1000, 0)
			for range 5 {
				b.begin(now)
				now = now.Add(b.next(now, 0))
			}
			b.begin(now)
			b.works = tt.works
			b.next(now.Add(tt.lasts), 0)
			if b.attempts != tt.want {
				t.Errorf("attempt %d, want %d", b.attempts, tt.want)
			}
		})
	}
}

func TestBackoff_yield(t *testing.T) {
	t.Parallel()
	var b backoff
	now := time.Unix(1000, 0)
	var waits []string
	for range 6 {
		wait := b.yield(now, 0)
		waits = append(waits, wait.String())
		now = now.Add(wait)
	}
	if got := strings.Join(waits, " "); got != "5s 10s 20s 40s 1m0s 1m0s" {
		t.Errorf("got %s", got)
	}
	if wait := b.yield(now, 1); wait != lastYield/2 {
		t.Errorf("at most, less the most by chance: %s", wait)
	}
	if wait := b.yield(now.Add(twinSettled+time.Second), 0); wait != firstYield {
		t.Errorf("once it was over: %s", wait)
	}
}

// What the stream waits for is told apart.
func TestStream_outage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err    error
		want   string
		notice bool
	}{
		"unreachable":     {lostError{errors.New("connection refused")}, "not connected to MySQL db:3306 for 0s: connection refused", false},
		"lags":            {lostError{Refusal(fmt.Errorf("%w: x", history.ErrBehind))}, "MySQL db:3306 has yet to catch up for 0s: ", false},
		"does not send":   {lostError{refusedError{errors.New("max_allowed_packet")}}, "MySQL db:3306 does not send its binary log for 0s: max_allowed_packet", false},
		"another like us": {lostError{fmt.Errorf("%w: x", errTwin)}, "another reader has taken the place of this one at MySQL db:3306 for 0s: ", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, func(x *Settings) {
				x.Health = health.New()
				x.Server.Host, x.Server.Port = "db", 3306
			})
			var b backoff
			b.begin(time.Now())
			s.outage(tt.err, &b)
			if got := fmt.Sprint(s.Health.Err()); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := s.Health.Notices(); (len(got) == 1) != tt.notice {
				t.Errorf("notices are %+v, want one: %v", got, tt.notice)
			}
		})
	}
}
