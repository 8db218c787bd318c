package rows

import (
	"time"
)

// unpack takes the fields of CivilTimeEncoder's packed form, from the lowest bits: 20 of microseconds, 6 of seconds, 6
// of minutes, 5 of hours, 5 of the day, 4 of the month, and the year above.
func unpack(n int64) (year, month, day, hour, minute, second, micro int) {
	bits := func(shift, width int) int { return int(n >> shift & (1<<width - 1)) }
	return int(n >> 46), bits(42, 4), bits(37, 5), bits(32, 5), bits(26, 6), bits(20, 6), bits(0, 20)
}

func packedTime(n int64) (any, error) {
	year, month, day, hour, minute, second, micro := unpack(n)
	if year != 0 || month != 0 || day != 0 || hour > 23 || minute > 59 || second > 59 || micro > 999_999 {
		return nil, refusef("Invalid packed TIME value: %d", n)
	}
	return formatTime(time.Date(1, 1, 1, hour, minute, second, micro*1000, time.UTC)), nil
}

func packedDatetime(n int64) (any, error) {
	year, month, day, hour, minute, second, micro := unpack(n)
	t := time.Date(year, time.Month(month), day, hour, minute, second, micro*1000, time.UTC)
	same := t.Year() == year && int(t.Month()) == month && t.Day() == day && t.Hour() == hour && t.Minute() == minute && t.Second() == second
	if n < 0 || year < 1 || year > 9999 || !same || micro > 999_999 {
		return nil, refusef("Invalid packed DATETIME value: %d", n)
	}
	return t.Format(time.DateOnly) + "T" + formatTime(t), nil
}
