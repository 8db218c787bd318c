package wait

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	denied := errors.New("denied")
	newBoard := func() *Board {
		return &Board{Grace: 10 * time.Second, Cure: func(err error) string {
			if errors.Is(err, denied) {
				return "give a role"
			}
			return ""
		}}
	}
	tests := map[string]struct {
		waits func(b *Board)
		want  string
	}{
		"OK": {func(*Board) {}, ""},
		"OK while it is short": {func(b *Board) {
			b.Begin("shop.a", "take 4 rows", now.Add(-9*time.Second))
		}, ""},
		"OK when it has ended": {func(b *Board) {
			b.Begin("shop.a", "take 4 rows", now.Add(-time.Hour)).End()
		}, ""},
		"says table, since and what": {func(b *Board) {
			b.Begin("shop.a", "answer an append of 4 rows", now.Add(-35*time.Second))
		}, "table shop.a waits 35s for BigQuery to answer an append of 4 rows"},
		"says what is waited for now": {func(b *Board) {
			b.Begin("shop.a", "show it to writers", now.Add(-35*time.Second)).For(`show column "x" to writers`)
		}, `table shop.a waits 35s for BigQuery to show column "x" to writers`},
		"says attempts, reason and cure": {func(b *Board) {
			w := b.Begin("shop.a", "take 4 rows", now.Add(-40*time.Second))
			w.Failed(errors.New("other"))
			w.Failed(denied)
		}, "table shop.a waits 40s for BigQuery to take 4 rows, 2 attempts: denied: give a role"},
		"has the longest first": {func(b *Board) {
			b.Begin("shop.a", "x", now.Add(-11*time.Second))
			b.Begin("shop.b", "y", now.Add(-12*time.Second))
		}, "table shop.b waits 12s for BigQuery to y\ntable shop.a waits 11s for BigQuery to x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBoard()
			tt.waits(b)
			var got string
			if err := b.Health(now); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// However long an outage is, a try comes within five seconds of its end.
func TestPauses(t *testing.T) {
	t.Parallel()
	var p Pauses
	var got []time.Duration
	for range 9 {
		got = append(got, p.next())
	}
	const ms = time.Millisecond
	want := []time.Duration{50 * ms, 100 * ms, 200 * ms, 400 * ms, 800 * ms, 1600 * ms, 3000 * ms, 3000 * ms, 3000 * ms}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if most := lastPause/2 + lastPause; most > 5*time.Second {
		t.Errorf("the longest pause is %v", most)
	}
	cause := errors.New("closed")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if err := p.Sleep(ctx); !errors.Is(err, cause) {
		t.Errorf("got %v, want the cause", err)
	}
	if err := new(Pauses).Sleep(t.Context()); err != nil {
		t.Error(err)
	}
}
