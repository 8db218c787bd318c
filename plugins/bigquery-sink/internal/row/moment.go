package row

// parseMoment reads 2006-01-02T15:04:05[.999999999](Z|±07:00) as microseconds
// since 1970; digits beyond the sixth are cut off.
func parseMoment(s []byte) (us int64, ok bool) {
	const least = len("2006-01-02T15:04:05Z")
	if len(s) < least || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	year, a := digits(s[:4])
	month, b := digits(s[5:7])
	day, c := digits(s[8:10])
	hour, d := digits(s[11:13])
	minute, e := digits(s[14:16])
	second, f := digits(s[17:19])
	if !a || !b || !c || !d || !e || !f || hour > 23 || minute > 59 || second > 59 || !validDay(year, month, day) {
		return 0, false
	}
	fraction, rest := fractionOf(s[19:])
	offset, ok := zone(rest)
	if !ok {
		return 0, false
	}
	seconds := dayOf(year, month, day)*86400 + hour*3600 + minute*60 + second - offset
	us = seconds*1_000_000 + fraction
	return us, validMicros(us)
}

func digits(s []byte) (n int64, ok bool) {
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// fractionOf reads microseconds, and returns what follows: nothing if they are
// malformed, which no zone is.
func fractionOf(s []byte) (us int64, rest []byte) {
	if s[0] != '.' {
		return 0, s
	}
	unit := int64(100_000)
	i := 1
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		us += int64(s[i]-'0') * unit
		unit /= 10
	}
	if i == 1 || i > 10 {
		return 0, nil
	}
	return us, s[i:]
}

// zone reads an offset from UTC in seconds.
func zone(s []byte) (seconds int64, ok bool) {
	if len(s) == 1 && s[0] == 'Z' {
		return 0, true
	}
	if len(s) != len("+07:00") || s[3] != ':' || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, a := digits(s[1:3])
	minutes, b := digits(s[4:6])
	if !a || !b || hours > 23 || minutes > 59 {
		return 0, false
	}
	seconds = hours*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

var monthDays = [...]int64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func validDay(year, month, day int64) bool {
	if year < 1 || month < 1 || month > 12 || day < 1 {
		return false
	}
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return day <= 29
	}
	return day <= monthDays[month-1]
}

// dayOf returns the day since 1970 of a date (Howard Hinnant's days_from_civil).
func dayOf(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	yoe := year - era*400
	doy := (153*(month-3)+2)/5 + day - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}
