package engine

import (
	"testing"
	"time"
)

func TestEnding(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		timeout                  time.Duration
		source, drained, flushed time.Duration
	}{
		"the default":   {20 * time.Second, 7750 * time.Millisecond, 15500 * time.Millisecond, 18 * time.Second},
		"a short one":   {2 * time.Second, 750 * time.Millisecond, 1500 * time.Millisecond, 1750 * time.Millisecond},
		"a long one":    {2 * time.Minute, 57500 * time.Millisecond, 115 * time.Second, 118 * time.Second},
		"the least one": {10 * time.Millisecond, 3750 * time.Microsecond, 7500 * time.Microsecond, 8750 * time.Microsecond},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			e := newEnding(now, tt.timeout)
			if e.source != now.Add(tt.source) || e.drained != now.Add(tt.drained) || e.flushed != now.Add(tt.flushed) {
				t.Errorf("got %v, %v, %v", e.source.Sub(now), e.drained.Sub(now), e.flushed.Sub(now))
			}
		})
	}
	t.Run("what is drained early leaves its time to the plugins, a failure does not", func(t *testing.T) {
		t.Parallel()
		now := time.Now()
		e := newEnding(now, 20*time.Second)
		early, late := now.Add(time.Second), now.Add(17*time.Second)
		for _, tt := range []struct {
			now     time.Time
			drained bool
			want    time.Time
		}{{early, true, e.flushed}, {early, false, now.Add(3500 * time.Millisecond)}, {late, false, e.flushed}} {
			if got := e.flush(tt.now, tt.drained); got != tt.want {
				t.Errorf("at %v, drained %v: until %v", tt.now.Sub(now), tt.drained, got.Sub(now))
			}
		}
	})
}
