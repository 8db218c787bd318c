package row

import "strconv"

// The range that the calendar types of BigQuery share.
const (
	firstDay  = -719162 // 0001-01-01
	lastDay   = 2932896 // 9999-12-31
	dayMicros = 24 * 60 * 60 * 1_000_000
)

// validMicros says whether microseconds since 1970 are in the calendar.
func validMicros(us int64) bool {
	return us >= firstDay*dayMicros && us < (lastDay+1)*dayMicros
}

// validMillis is the same for milliseconds; it keeps their product in range.
func validMillis(ms int64) bool {
	const dayMillis = dayMicros / 1000
	return ms >= firstDay*dayMillis && ms < (lastDay+1)*dayMillis
}

// appendLocal adds a date and time of day as BigQuery writes a DATETIME.
func appendLocal(out []byte, us int64) []byte {
	days := us / dayMicros
	us %= dayMicros
	if us < 0 {
		days--
		us += dayMicros
	}
	out = appendDate(out, days)
	out = append(out, ' ')
	return appendClock(out, us, 2)
}

// appendDate adds the date of a day since 1970 (the algorithm is Howard
// Hinnant's civil_from_days).
func appendDate(out []byte, days int64) []byte {
	days += 719468
	era := days / 146097
	if days < 0 {
		era = (days - 146096) / 146097
	}
	doe := days - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	month := mp + 3
	year := yoe + era*400
	if month > 12 {
		month -= 12
		year++
	}
	out = appendDigits(out, year, 4)
	out = append(out, '-')
	out = appendDigits(out, month, 2)
	out = append(out, '-')
	return appendDigits(out, doy-(153*mp+2)/5+1, 2)
}

// appendClock adds hours, with at least width digits, minutes, seconds and the
// microseconds if there are any.
func appendClock(out []byte, us int64, width int) []byte {
	seconds := us / 1_000_000
	us %= 1_000_000
	out = appendDigits(out, seconds/3600, width)
	out = append(out, ':')
	out = appendDigits(out, seconds/60%60, 2)
	out = append(out, ':')
	out = appendDigits(out, seconds%60, 2)
	if us == 0 {
		return out
	}
	out = append(out, '.')
	return appendDigits(out, us, 6)
}

// appendDuration adds a time as MySQL writes it: [-]HH:MM:SS[.ffffff], of as
// many hours as it takes.
func appendDuration(out []byte, us int64) []byte {
	if us < 0 {
		out = append(out, '-')
		us = -us
	}
	return appendClock(out, us, 2)
}

// appendDigits adds a number that is not negative with at least width digits.
func appendDigits(out []byte, n int64, width int) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], n, 10)
	for range width - len(text) {
		out = append(out, '0')
	}
	return append(out, text...)
}
