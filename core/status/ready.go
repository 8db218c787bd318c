package status

import (
	"fmt"
	"strings"
	"time"
)

// stalled is how long a plugin may take for one batch until the pipeline counts as
// not ready.
const stalled = 20 * time.Second

// waiting says what keeps the pipeline from being ready, empty if nothing does.
func (v *View) waiting(now time.Time) string {
	switch v.State {
	case Running:
	case Failed:
		return v.failed(now)
	default:
		return string(v.State) + age(now, v.Since)
	}
	var all []string
	for _, p := range v.Plugins {
		if text := p.waiting(now); text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, "; ")
}

func (p *Plugin) waiting(now time.Time) string {
	switch b := p.OldestOpen; {
	case p.Detail != "":
		return p.about() + ": " + p.Detail + age(now, p.Since)
	case !p.Up:
		return p.about() + " is not up"
	case b != nil && now.Sub(b.Since) >= stalled:
		return fmt.Sprintf("%s has not %s batch %d for %s", p.about(), p.task(), b.Sequence, seconds(now.Sub(b.Since)))
	}
	return ""
}

func (v *View) failed(now time.Time) string {
	text := "failed" + age(now, v.Since) + ": " + v.Error
	if v.RetryAt.IsZero() {
		return text
	}
	return text + " (run anew in " + seconds(max(0, v.RetryAt.Sub(now))) + ")"
}

// isLost says whether nothing but a person helps, or who starts the host anew. One
// that another process runs now is not lost.
func (v *View) isLost() bool { return v.State == Failed && v.RetryAt.IsZero() && !v.Superseded }

// about names the plugin, and a sink as such.
func (p *Plugin) about() string {
	if p.Kind == "sink" {
		return "sink " + p.Name
	}
	return p.Name
}

func (p *Plugin) task() string {
	if p.Kind == "sink" {
		return "acknowledged"
	}
	return "answered"
}

// age says how long something has been so.
func age(now, since time.Time) string {
	if since.IsZero() {
		return ""
	}
	return ", " + seconds(now.Sub(since))
}

func seconds(d time.Duration) string {
	d = d.Truncate(time.Second)
	if d < 2*time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return d.String()
}
