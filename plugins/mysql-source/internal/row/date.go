package row

import (
	"errors"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
)

var errDate = errors.New("date does not exist in the calendar (it was stored under ALLOW_INVALID_DATES); leave the column out with exclude.columns, or correct the row and then " + cure.NewSnapshot)

// date is a day as MySQL has it: any part may be zero.
type date struct{ year, month, day int64 }

// zero reports a date that is none: like Debezium, one with any part zero.
func (d date) zero() bool { return d.year == 0 || d.month == 0 || d.day == 0 }

func (d date) valid() bool {
	return d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= daysIn(d.year, d.month)
}

func daysIn(year, month int64) int64 {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// days since 1970-01-01 in the proleptic Gregorian calendar. Years begin in
// March, so that the leap day is the last of a year.
func (d date) days() int64 {
	y, m := d.year, d.month-3
	if m < 0 {
		y, m = y-1, m+12
	}
	return y*365 + y/4 - y/100 + y/400 + (153*m+2)/5 + d.day - 1 - 719468
}

// dateOf is the inverse of days, for days since 1970.
func dateOf(days int64) date {
	const era = 146097
	z := days + 719468
	doe := z % era
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	m := (5*doy + 2) / 153
	d := date{year: z/era*400 + yoe, month: m + 3, day: doy - (153*m+2)/5 + 1}
	if d.month > 12 {
		d.year, d.month = d.year+1, d.month-12
	}
	return d
}

func dateRaw(c *column, raw, dst []byte) ([]byte, error) {
	v := int64(uint24(raw))
	return c.appendDate(date{year: v >> 9, month: v >> 5 & 15, day: v & 31}, dst)
}

func dateText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	s, ok := textOf(v)
	sc := scanner{rest: s, bad: !ok}
	d := date{year: sc.number('-'), month: sc.number('-'), day: sc.number(0)}
	if sc.bad {
		return dst, errText
	}
	return c.appendDate(d, dst)
}

func (c *column) appendDate(d date, dst []byte) ([]byte, error) {
	switch {
	case d.zero():
		return c.appendAbsent(dst), nil
	case !d.valid():
		return dst, errDate
	}
	return appendLong(dst, d.days()), nil
}
