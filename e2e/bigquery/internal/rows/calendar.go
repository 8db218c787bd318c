package rows

import (
	"fmt"
	"regexp"
	"time"
)

// The range that all calendar types share.
const (
	firstDay = -719162 // 0001-01-01
	lastDay  = 2932896 // 9999-12-31
)

const dayMicros = int64(24 * time.Hour / time.Microsecond)

func micros(us int64) (any, error) {
	if us < firstDay*dayMicros || us >= (lastDay+1)*dayMicros {
		return nil, refusef("Timestamp value %d is out of the range 0001-01-01 to 9999-12-31", us)
	}
	return time.UnixMicro(us).UTC(), nil
}

func timestamp(seconds, nanos int64) (any, error) {
	t := time.Unix(seconds, nanos).UTC()
	if y := t.Year(); y < 1 || y > 9999 || nanos < 0 || nanos > 999_999_999 {
		return nil, refusef("Timestamp value %d.%09d is out of the range 0001-01-01 to 9999-12-31", seconds, nanos)
	}
	return t.Truncate(time.Microsecond), nil
}

func days(n int64) (any, error) {
	if n < firstDay || n > lastDay {
		return nil, refusef("Date value %d is out of the range 0001-01-01 to 9999-12-31", n)
	}
	return time.Unix(n*24*60*60, 0).UTC().Format(time.DateOnly), nil
}

var (
	dateForm = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)
	timeForm = regexp.MustCompile(`^\d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,6})?$`)
	bothForm = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})(?:[ Tt](\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,6})?))?$`)
)

func parseDate(s string) (any, error) {
	t, err := time.Parse("2006-1-2", s)
	if err != nil || !dateForm.MatchString(s) || t.Year() < 1 {
		return nil, refusef("Invalid DATE value: %s", quoted(s))
	}
	return t.Format(time.DateOnly), nil
}

func parseTime(s string) (any, error) {
	t, err := clock(s)
	if err != nil {
		return nil, refusef("Invalid TIME value: %s", quoted(s))
	}
	return formatTime(t), nil
}

func parseDatetime(s string) (any, error) {
	parts := bothForm.FindStringSubmatch(s)
	if parts == nil {
		return nil, refusef("Invalid DATETIME value: %s", quoted(s))
	}
	date, err := parseDate(parts[1])
	if err != nil || parts[2] == "" {
		parts[2] = "0:0:0"
	}
	t, clockErr := clock(parts[2])
	if err != nil || clockErr != nil {
		return nil, refusef("Invalid DATETIME value: %s", quoted(s))
	}
	return date.(string) + "T" + formatTime(t), nil
}

// clock reads a time of day; time.Parse alone would take neither one digit nor refuse nine.
func clock(s string) (time.Time, error) {
	if !timeForm.MatchString(s) {
		return time.Time{}, fmt.Errorf("parse time %s", quoted(s))
	}
	return time.Parse("15:4:5", s)
}

func formatTime(t time.Time) string {
	if t.Nanosecond() == 0 {
		return t.Format(time.TimeOnly)
	}
	return t.Format("15:04:05.000000")
}
