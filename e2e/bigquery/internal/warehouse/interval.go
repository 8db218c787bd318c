package warehouse

import (
	"fmt"
	"time"
)

// ParseInterval reads an INTERVAL in the canonical form [Y]-[M] [D] [H]:[M]:[S], as maxStaleness has it; "" is zero.
// Months and years are refused: max_staleness is at most a day.
func ParseInterval(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	var years, months, days, hours, minutes, seconds int
	if n, err := fmt.Sscanf(s, "%d-%d %d %d:%d:%d", &years, &months, &days, &hours, &minutes, &seconds); n != 6 {
		return 0, fmt.Errorf("parse interval %q: %w", s, err)
	}
	d := time.Duration(days)*24*time.Hour + time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second
	if years != 0 || months != 0 || d < 0 || d > 24*time.Hour {
		return 0, fmt.Errorf("interval %q must be between 0 and 24 hours", s)
	}
	return d, nil
}
