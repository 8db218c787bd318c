package row

import (
	"github.com/go-mysql-org/go-mysql/mysql"
)

// timestampRaw reads four bytes of seconds since 1970, and the fraction.
func timestampRaw(c *column, raw, dst []byte) ([]byte, error) {
	micros, ok := fractionMicros(bigEndian(raw[4:]), len(raw)-4)
	if !ok {
		return dst, errDamage
	}
	return c.appendTimestamp(bigEndian(raw[:4]), micros, dst), nil
}

// timestampText reads seconds, an integer without fractional digits and a
// decimal with them.
func timestampText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type == mysql.FieldValueTypeSigned || v.Type == mysql.FieldValueTypeUnsigned {
		return c.appendTimestamp(v.AsInt64(), 0, dst), nil
	}
	s, ok := textOf(v)
	sc := scanner{rest: s, bad: !ok}
	seconds := sc.number('.')
	micros := sc.fraction()
	if sc.bad || seconds > 1<<32-1 {
		return dst, errText
	}
	return c.appendTimestamp(seconds, micros, dst), nil
}

// appendTimestamp writes ISO text in UTC with all the digits of the column's
// fraction, zeros included. Zero is MySQL's zero date.
func (c *column) appendTimestamp(seconds, micros int64, dst []byte) []byte {
	if seconds == 0 && micros == 0 {
		return c.appendAbsent(dst)
	}
	dst = begin(dst)
	start := len(dst)
	return end(appendISO(dst, seconds, micros, c.length), start)
}

func appendISO(dst []byte, seconds, micros int64, digits int) []byte {
	d := dateOf(seconds / secondsPerDay)
	s := seconds % secondsPerDay
	dst = appendDigits(dst, d.year, 4)
	dst = appendDigits(append(dst, '-'), d.month, 2)
	dst = appendDigits(append(dst, '-'), d.day, 2)
	dst = appendDigits(append(dst, 'T'), s/3600, 2)
	dst = appendDigits(append(dst, ':'), s/60%60, 2)
	dst = appendDigits(append(dst, ':'), s%60, 2)
	if digits > 0 {
		dst = appendDigits(append(dst, '.'), micros, 6)
		dst = dst[:len(dst)-(6-digits)]
	}
	return append(dst, 'Z')
}

// appendDigits appends a number as so many digits.
func appendDigits(dst []byte, v int64, n int) []byte {
	for range n {
		dst = append(dst, 0)
	}
	for i := len(dst) - 1; n > 0; i, n = i-1, n-1 {
		dst[i] = byte('0' + v%10)
		v /= 10
	}
	return dst
}
