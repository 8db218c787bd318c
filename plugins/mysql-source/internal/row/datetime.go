package row

import (
	"github.com/go-mysql-org/go-mysql/mysql"
)

// datetime is a date and a time of day, without a zone.
type datetime struct {
	date
	// micros since midnight.
	micros int64
}

// datetimeOf reads the stored form: a sign that is always set, 17 bits of
// year*13+month, five each of day and hour, six each of minute and second, and
// the fraction.
func datetimeOf(raw []byte) (datetime, bool) {
	fraction := len(raw) - 5
	micros, ok := fractionMicros(bigEndian(raw[5:]), fraction)
	v := bigEndian(raw[:5]) - 1<<39
	months := v >> 22
	hour, minute, second := v>>12&31, v>>6&63, v&63
	if !ok || v < 0 || hour > 23 || minute > 59 || second > 59 {
		return datetime{}, false
	}
	return datetime{
		date:   date{year: months / 13, month: months % 13, day: v >> 17 & 31},
		micros: ((hour*60+minute)*60+second)*microsPerSecond + micros,
	}, true
}

// parseDatetime reads yyyy-mm-dd hh:mm:ss[.fraction].
func parseDatetime(v *mysql.FieldValue) (datetime, bool) {
	s, ok := textOf(v)
	sc := scanner{rest: s, bad: !ok}
	d := date{year: sc.number('-'), month: sc.number('-'), day: sc.number(' ')}
	hour, minute, second := sc.number(':'), sc.number(':'), sc.number('.')
	micros := sc.fraction()
	if sc.bad || hour > 23 || minute > 59 || second > 59 {
		return datetime{}, false
	}
	return datetime{date: d, micros: ((hour*60+minute)*60+second)*microsPerSecond + micros}, true
}

func datetimeMillisRaw(c *column, raw, dst []byte) ([]byte, error) {
	d, ok := datetimeOf(raw)
	return c.appendDatetime(d, ok, errDamage, 1000, dst)
}

func datetimeMicrosRaw(c *column, raw, dst []byte) ([]byte, error) {
	d, ok := datetimeOf(raw)
	return c.appendDatetime(d, ok, errDamage, 1, dst)
}

func datetimeMillisText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	d, ok := parseDatetime(v)
	return c.appendDatetime(d, ok, errText, 1000, dst)
}

func datetimeMicrosText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	d, ok := parseDatetime(v)
	return c.appendDatetime(d, ok, errText, 1, dst)
}

// appendDatetime writes the time since 1970 in units of so many microseconds.
func (c *column) appendDatetime(d datetime, ok bool, fault error, unit int64, dst []byte) ([]byte, error) {
	switch {
	case !ok:
		return dst, fault
	case d.zero():
		return c.appendAbsent(dst), nil
	case !d.valid():
		return dst, errDate
	}
	return appendLong(dst, (d.days()*secondsPerDay*microsPerSecond+d.micros)/unit), nil
}
