package row

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var (
	errDefaultDate = errors.New("want a date and time as yyyy-mm-dd hh:mm:ss")
	errDefaultTime = errors.New("want a time as hh:mm:ss")
)

// parseMoment reads a date with or without a time, in the forms that the
// server takes in a definition: six numbers with any signs between them, or
// digits without any.
func parseMoment(d *table.Default) (datetime, error) {
	if d.Kind != table.DefaultText && d.Kind != table.DefaultNumber {
		return datetime{}, fmt.Errorf("want a date, not %s", d.Kind)
	}
	text, fraction, _ := strings.Cut(strings.TrimSpace(d.Text), ".")
	micros, err := parseFraction(fraction)
	if err != nil {
		return datetime{}, err
	}
	n, short, err := momentNumbers(text)
	if err != nil {
		return datetime{}, err
	}
	t := datetime{date: date{n[0], n[1], n[2]}, micros: ((n[3]*60+n[4])*60+n[5])*microsPerSecond + micros}
	if short && t.date != (date{}) {
		t.year += 1900
		if t.year < 1970 {
			t.year += 100
		}
	}
	if n[3] > 23 || n[4] > 59 || n[5] > 59 || !t.zero() && !t.valid() {
		return datetime{}, errDefaultDate
	}
	return t, nil
}

// momentNumbers also tells whether the year has but two digits.
func momentNumbers(text string) (n [6]int64, short bool, err error) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 1 {
		parts = splitDigits(parts[0])
	}
	if len(parts) < 3 && text != "0" || len(parts) > 6 {
		return n, false, errDefaultDate
	}
	for i, p := range parts {
		if n[i], err = strconv.ParseInt(p, 10, 32); err != nil {
			return n, false, errDefaultDate
		}
	}
	return n, len(parts) > 0 && len(parts[0]) <= 2, nil
}

// splitDigits takes yyyymmdd[hhmmss] or yymmdd[hhmmss] apart.
func splitDigits(s string) []string {
	year := 2
	if len(s) == 8 || len(s) == 14 {
		year = 4
	}
	if len(s) < 6 {
		return []string{s}
	}
	parts := []string{s[:year]}
	for s = s[year:]; len(s) >= 2; s = s[2:] {
		parts = append(parts, s[:2])
	}
	return parts
}

func parseFraction(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	v, err := strconv.ParseUint((s + "000000")[:6], 10, 32)
	if err != nil {
		return 0, errDefaultDate
	}
	return int64(v), nil
}
