package row

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// timeKind has Debezium's adaptive types: DATE in days, TIME in microseconds,
// DATETIME in milliseconds up to three fractional digits and in microseconds
// beyond, TIMESTAMP as ISO text in UTC. TIMESTAMP is selected as its number of
// seconds, which no session's time zone touches.
//
// Years below 100 stay what they are, where Debezium adds 2000 or 1900.
func timeKind(c *table.Column) (kind, error) {
	if c.Length > 6 {
		return kind{}, fmt.Errorf("%s(%d): want at most 6 fractional digits", c.Type, c.Length)
	}
	switch {
	case c.Type == "DATE":
		return kind{sdk.Int, mysql.MYSQL_TYPE_DATE, "%s", dateRaw, dateText}, nil
	case c.Type == "TIME":
		return kind{sdk.Long, mysql.MYSQL_TYPE_TIME2, "%s", timeRaw, timeText}, nil
	case c.Type == "TIMESTAMP":
		return kind{sdk.String, mysql.MYSQL_TYPE_TIMESTAMP2, "UNIX_TIMESTAMP(%s)", timestampRaw, timestampText}, nil
	case c.Length <= 3:
		return kind{sdk.Long, mysql.MYSQL_TYPE_DATETIME2, "%s", datetimeMillisRaw, datetimeMillisText}, nil
	}
	return kind{sdk.Long, mysql.MYSQL_TYPE_DATETIME2, "%s", datetimeMicrosRaw, datetimeMicrosText}, nil
}

const (
	secondsPerDay   = 24 * 60 * 60
	microsPerSecond = 1_000_000
)

// bigEndian reads up to eight bytes.
func bigEndian(b []byte) (v int64) {
	for _, x := range b {
		v = v<<8 | int64(x)
	}
	return v
}

// fractionMicros turns a stored fraction, of one byte for each two digits, into
// microseconds.
func fractionMicros(fraction int64, bytes int) (int64, bool) {
	micros := fraction * [4]int64{0, 10_000, 100, 1}[bytes]
	return micros, micros < microsPerSecond
}

// timeRaw reads a signed time of up to 838 hours. Stored are sign, ten bits of
// hours, six each of minutes and seconds, and the fraction, offset as a whole.
func timeRaw(_ *column, raw, dst []byte) ([]byte, error) {
	fraction := len(raw) - 3
	v := bigEndian(raw) - 1<<(8*len(raw)-1)
	negative := v < 0
	if negative {
		v = -v
	}
	micros, ok := fractionMicros(v&(1<<(8*fraction)-1), fraction)
	hms := v >> (8 * fraction)
	minute, second := hms>>6&0x3f, hms&0x3f
	if !ok || hms>>12 > 838 || minute > 59 || second > 59 {
		return dst, errDamage
	}
	return appendTime(dst, (hms>>12*60+minute)*60+second, micros, negative), nil
}

func appendTime(dst []byte, seconds, micros int64, negative bool) []byte {
	v := seconds*microsPerSecond + micros
	if negative {
		v = -v
	}
	return appendLong(dst, v)
}

// timeText reads [-]hours:mm:ss[.fraction].
func timeText(_ *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	s, ok := textOf(v)
	negative := ok && len(s) > 0 && s[0] == '-'
	if negative {
		s = s[1:]
	}
	sc := scanner{rest: s, bad: !ok}
	hour := sc.number(':')
	minute := sc.number(':')
	second := sc.number('.')
	micros := sc.fraction()
	if sc.bad || hour > 838 || minute > 59 || second > 59 {
		return dst, errText
	}
	return appendTime(dst, (hour*60+minute)*60+second, micros, negative), nil
}

func textOf(v *mysql.FieldValue) ([]byte, bool) {
	return v.AsString(), v.Type == mysql.FieldValueTypeString
}
