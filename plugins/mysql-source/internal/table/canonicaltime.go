package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

var errNotTime = errors.New("not a date or time")

// moment is a point in time or a duration in its parts, valid or not: servers
// keep dates such as 2020-00-00.
type moment struct {
	negative                                      bool
	year, month, day, hour, minute, second, micro int
}

// canonicalTime reads a literal and writes it as the server does, with as many
// fractional digits as the column keeps.
func (c *Column) canonicalTime(d *Default) (string, error) {
	text, err := literalText(d, c.Charset)
	if err != nil {
		return "", err
	}
	text = strings.TrimSpace(text)
	var m moment
	if c.Type == "TIME" {
		m, err = parseDuration(text)
	} else {
		m, err = parseDate(text)
	}
	if err != nil {
		return "", err
	}
	if c.Type == "DATE" {
		m = m.round(0)
		return fmt.Sprintf("%04d-%02d-%02d", m.year, m.month, m.day), nil
	}
	m = m.round(c.Length)
	if c.Type == "TIME" {
		return m.sign() + fmt.Sprintf("%02d:%02d:%02d", m.hour, m.minute, m.second) + m.fraction(c.Length), nil
	}
	return fmt.Sprintf("%04d-%02d-%02d %02d:%02d:%02d", m.year, m.month, m.day, m.hour, m.minute, m.second) + m.fraction(c.Length), nil
}

// parseDate reads 2020-1-2 3:4:5.6 with any punctuation, or 20200102030405.
func parseDate(text string) (moment, error) {
	fields, micro, err := splitDigits(text, 6)
	if err != nil {
		return moment{}, err
	}
	if len(fields) == 1 {
		if fields, err = cutDate(fields[0]); err != nil {
			return moment{}, err
		}
	}
	n, err := numbers(fields, 6)
	if err != nil || len(fields) < 3 {
		return moment{}, errNotTime
	}
	m := moment{year: n[0], month: n[1], day: n[2], hour: n[3], minute: n[4], second: n[5], micro: micro}
	if len(fields[0]) <= 2 && (m.year|m.month|m.day) != 0 {
		m.year = wideYear(m.year)
	}
	if m.month > 12 || m.day > 31 || m.hour > 23 || m.minute > 59 || m.second > 59 {
		return moment{}, errNotTime
	}
	return m, nil
}

// cutDate cuts digits without punctuation into two or four for the year and
// two for each of the rest. The number 0 is the zero date.
func cutDate(digits string) ([]string, error) {
	if strings.Trim(digits, "0") == "" {
		return []string{"0000", "0", "0"}, nil
	}
	year := 2
	switch len(digits) {
	case 8, 14:
		year = 4
	case 6, 12:
	default:
		return nil, errNotTime
	}
	fields := []string{digits[:year]}
	for i := year; i < len(digits); i += 2 {
		fields = append(fields, digits[i:i+2])
	}
	return fields, nil
}

// parseDuration reads [-][d ]h:m[:s][.f], hmmss, or the time of a full date.
func parseDuration(text string) (moment, error) {
	rest, negative := strings.CutPrefix(text, "-")
	days := 0
	if day, clock, ok := strings.Cut(rest, " "); ok {
		if m, err := parseDate(rest); err == nil && strings.Count(day, "-") == 2 {
			return m, nil
		}
		n, err := strconv.Atoi(day)
		if err != nil || n < 0 || n > 34 {
			return moment{}, errNotTime
		}
		days, rest = n, clock
		if !strings.Contains(rest, ":") {
			rest += ":0"
		}
	}
	fields, micro, err := splitDigits(rest, 3)
	if err != nil {
		return moment{}, err
	}
	if len(fields) == 1 {
		fields = cutClock(fields[0])
	}
	n, err := numbers(fields, 3)
	if err != nil || n[1] > 59 || n[2] > 59 || n[0] > 838 {
		return moment{}, errNotTime
	}
	return moment{negative: negative, hour: n[0] + days*24, minute: n[1], second: n[2], micro: micro}, nil
}

// cutClock cuts digits from the right: 101112 is 10:11:12, 12 is 12 seconds.
func cutClock(digits string) []string {
	digits = strings.Repeat("0", max(0, 6-len(digits))) + digits
	n := len(digits)
	return []string{digits[:n-4], digits[n-4 : n-2], digits[n-2:]}
}

// splitDigits cuts text at its punctuation into at most so many groups of
// digits, and a fraction behind them.
func splitDigits(text string, most int) ([]string, int, error) {
	head, fraction := text, ""
	if i := strings.LastIndexByte(text, '.'); i >= 0 && (strings.Contains(text, ":") || !strings.ContainsAny(text[:i], ".-/ ")) {
		head, fraction = text[:i], text[i+1:]
	}
	fields := strings.FieldsFunc(head, func(r rune) bool { return strings.ContainsRune("-:/.,;^@T ", r) })
	if len(fields) == 0 || len(fields) > most {
		return nil, 0, errNotTime
	}
	micro, err := micros(fraction)
	return fields, micro, err
}

// micros reads a fraction, rounding what is beyond six digits.
func micros(fraction string) (int, error) {
	if fraction == "" {
		return 0, nil
	}
	padded := fraction + "0000000"
	n, err := strconv.ParseUint(padded[:7], 10, 32)
	if err != nil || strings.Trim(fraction, "0123456789") != "" {
		return 0, errNotTime
	}
	return int(n+5) / 10, nil
}

func numbers(fields []string, size int) ([]int, error) {
	out := make([]int, size)
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil {
			return nil, errNotTime
		}
		out[i] = int(n)
	}
	return out, nil
}

// round keeps so many digits of the fraction, half up, carrying into the rest.
func (m moment) round(digits int) moment {
	unit := 1
	for range 6 - min(max(digits, 0), 6) {
		unit *= 10
	}
	m.micro = (m.micro + unit/2) / unit * unit
	if m.micro < 1_000_000 {
		return m
	}
	m.micro -= 1_000_000
	if m.year == 0 && m.month == 0 { // a duration
		total := m.hour*3600 + m.minute*60 + m.second + 1
		m.hour, m.minute, m.second = total/3600, total/60%60, total%60
		return m
	}
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second+1, 0, time.UTC)
	m.year, m.month, m.day = t.Year(), int(t.Month()), t.Day()
	m.hour, m.minute, m.second = t.Hour(), t.Minute(), t.Second()
	return m
}

func (m moment) sign() string {
	if m.negative && m.hour|m.minute|m.second|m.micro != 0 {
		return "-"
	}
	return ""
}

func (m moment) fraction(digits int) string {
	if digits <= 0 {
		return ""
	}
	return "." + fmt.Sprintf("%06d", m.micro)[:min(digits, 6)]
}
