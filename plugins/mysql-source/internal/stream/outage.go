package stream

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/history"
	"github.com/leat-io/leat/plugins/mysql-source/internal/refusal"
)

// outage tells of a connection that was lost or is not to be had, and returns how
// long to wait before the next attempt.
func (s *Stream) outage(err error, retry *backoff) time.Duration {
	now := time.Now()
	address := s.Server.Address()
	wait := retry.next(now, rand.Float64()) //nolint:gosec // it spaces attempts, and guards nothing
	var refused refusedError
	switch {
	case errors.Is(err, errTwin):
		wait = retry.yield(now, rand.Float64()) //nolint:gosec // likewise
		s.Health.Wait("another reader has taken the place of this one at MySQL "+address, err)
		s.Health.Note("server_id", err.Error(), refusal.TwinCure, twinSettled)
	case errors.As(err, &refused):
		s.Health.Wait("MySQL "+address+" does not send its binary log", err)
	case errors.Is(err, history.ErrBehind):
		s.Health.Wait("MySQL "+address+" has yet to catch up", err)
	default:
		s.Health.Wait("not connected to MySQL "+address, err)
	}
	s.Meter.Lost()
	if retry.attempts == 1 {
		s.Meter.Reconnected()
	}
	if retry.loud() {
		s.Logger.Warn("connection to MySQL lost, connecting anew", "server", address, "error", err, "attempt", retry.attempts,
			"since", retry.since.UTC().Format(time.RFC3339), "wait", wait.Round(time.Millisecond), "position", s.machine.Position())
	}
	return wait
}

const (
	firstWait = 100 * time.Millisecond
	// lastWait bounds the time from one attempt to the next, so that rows flow
	// within five seconds once a server is there again.
	lastWait = 4 * time.Second
	// settled is how long a connection lasts that is not counted among the
	// attempts before it. A heartbeat alone proves nothing: another reader with our
	// number may end the connection right after it.
	settled = 10 * time.Second
	// firstYield and lastYield bound how long another reader with our number is
	// left alone, so that the two do not end each other's connections in turn.
	firstYield = 5 * time.Second
	lastYield  = time.Minute
	// twinSettled is how long none of that must have been seen for it to be over.
	twinSettled = 5 * time.Minute
)

// backoff spaces the attempts to connect, from the beginning of one to that of
// the next: what an attempt takes by itself need not be waited again.
type backoff struct {
	began    time.Time // of the last attempt
	works    bool      // the connection that came of it has brought something
	since    time.Time // when the first of those that failed in a row did
	attempts int
	yields   int // to another reader with our number
	yielded  time.Time
}

// begin tells of an attempt.
func (b *backoff) begin(now time.Time) { b.began, b.works = now, false }

// next tells that the last attempt, or the connection that came of it, has failed,
// and returns how long to wait. random is from 0 to 1.
func (b *backoff) next(now time.Time, random float64) time.Duration {
	took := now.Sub(b.began)
	if b.attempts == 0 || b.works && took >= settled {
		b.attempts, b.since = 0, now
	}
	b.attempts++
	wait := min(firstWait<<min(b.attempts-1, 10), lastWait)
	wait -= time.Duration(random * float64(wait) / 2)
	return max(wait-took, firstWait)
}

// yield is next where the place was taken by another reader with our number: who
// takes it back at once is shown out at once.
func (b *backoff) yield(now time.Time, random float64) time.Duration {
	if now.Sub(b.yielded) > twinSettled {
		b.yields = 0
	}
	b.yields, b.yielded = b.yields+1, now
	wait := min(firstYield<<min(b.yields-1, 10), lastYield)
	return wait - time.Duration(random*float64(wait)/2)
}

// loud says whether the last failure is worth a line in the log: the 1st, 2nd,
// 4th and so on of those in a row.
func (b *backoff) loud() bool { return b.attempts&(b.attempts-1) == 0 }
