package engine

import "time"

// WithHealth has plugins asked for their health so often.
func (s Settings) WithHealth(interval, timeout time.Duration) Settings {
	s.health = health{interval: interval, timeout: timeout}
	return s
}
