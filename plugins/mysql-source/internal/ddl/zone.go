package ddl

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // servers name zones that the machine at hand may not have

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

const timeFormat = "2006-01-02 15:04:05"

// toUTC moves the canonical text of a TIMESTAMP's default from the session's
// time zone to UTC, in which definitions hold it.
func (m Mode) toUTC(text string) (string, error) {
	zero := strings.HasPrefix(text, "0000-00-00")
	if m.shown || m.TimeZone == "" || m.TimeZone == "+00:00" || zero {
		return text, nil
	}
	zone, err := location(m.TimeZone)
	if err != nil {
		return "", err
	}
	whole, fraction, _ := strings.Cut(text, ".")
	t, err := time.ParseInLocation(timeFormat, whole, zone)
	if err != nil {
		return "", fmt.Errorf("read time %q: %w", text, err)
	}
	out := t.UTC().Format(timeFormat)
	if fraction != "" {
		out += "." + fraction
	}
	return out, nil
}

// location finds a time zone by its name or by its distance from UTC.
func location(name string) (*time.Location, error) {
	if t, err := time.Parse("-07:00", name); err == nil {
		_, offset := t.Zone()
		return time.FixedZone(name, offset), nil
	}
	if strings.EqualFold(name, "SYSTEM") {
		return nil, fmt.Errorf("time zone %s: it is the server's, which is not known here: set time_zone on the server to a zone that it can name", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("find time zone %q: %w", name, err)
	}
	return zone, nil
}

// truncateFraction cuts the digits of a default that its column has no room for.
func truncateFraction(c *table.Column) {
	switch c.Type {
	case "DATE", "TIME", "DATETIME", "TIMESTAMP":
	default:
		return
	}
	d := c.Default
	i := strings.LastIndexByte(d.Text, '.')
	if i < 0 || strings.Trim(d.Text[i+1:], "0123456789") != "" || !strings.Contains(d.Text, ":") && strings.ContainsAny(d.Text[:i], ".-/ ") {
		return
	}
	if end := i + 1 + max(c.Length, 0); end < len(d.Text) {
		cut := *d
		cut.Text = strings.TrimSuffix(d.Text[:end], ".")
		c.Default = &cut
	}
}
