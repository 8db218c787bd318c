package row

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"

	"github.com/go-mysql-org/go-mysql/mysql"
)

// opaque writes a value of one of the server's own types, as the server prints
// it: a type, a length and that many bytes.
func (w *jsonWriter) opaque(b []byte) error {
	if len(b) == 0 {
		return errJSON
	}
	typ := b[0]
	b, ok := jsonBytes(b[1:])
	if w.budget -= len(b); !ok || w.budget < 0 {
		return errJSON
	}
	switch typ {
	case mysql.MYSQL_TYPE_DECIMAL, mysql.MYSQL_TYPE_NEWDECIMAL:
		return w.decimal(b)
	case mysql.MYSQL_TYPE_DATE, mysql.MYSQL_TYPE_TIME, mysql.MYSQL_TYPE_DATETIME, mysql.MYSQL_TYPE_TIMESTAMP:
		if len(b) != 8 {
			return errJSON
		}
		return w.temporal(typ, int64(binary.LittleEndian.Uint64(b)))
	}
	w.dst = append(w.dst, `"base64:type`...)
	w.dst = append(strconv.AppendUint(w.dst, uint64(typ), 10), ':')
	w.dst = append(base64.StdEncoding.AppendEncode(w.dst, b), '"')
	return nil
}

// decimal has precision and scale before the packed digits.
func (w *jsonWriter) decimal(b []byte) error {
	if len(b) < 2 {
		return errJSON
	}
	const most = 81
	n, negative, ok := unpackDecimal(b[2:], int(b[0]), int(b[1]))
	if !ok || b[0] > most {
		return errJSON
	}
	var text [most + 3]byte
	w.dst = appendNumber(w.dst, n.appendText(text[:0], negative, int(b[1])))
	return nil
}

// temporal reads the packed form: 17 bits of year*13+month, five each of day
// and hour, six each of minute and second, 24 of microseconds. A TIME has its
// hours where the others have day and hour, and a sign for the whole.
func (w *jsonWriter) temporal(typ byte, v int64) error {
	negative := v < 0
	if negative {
		v = -v
	}
	if v < 0 || v>>24&0x3f > 59 || v>>30&0x3f > 59 || v&0xffffff >= microsPerSecond {
		return errJSON
	}
	w.dst = append(w.dst, '"')
	if negative {
		w.dst = append(w.dst, '-')
	}
	hour := v >> 36 & 0x3ff
	if typ != mysql.MYSQL_TYPE_TIME {
		hour &= 0x1f
		months := v >> 46
		w.dst = appendDigits(w.dst, months/13, 4)
		w.dst = appendDigits(append(w.dst, '-'), months%13, 2)
		w.dst = appendDigits(append(w.dst, '-'), v>>41&0x1f, 2)
	}
	if typ != mysql.MYSQL_TYPE_DATE {
		if typ != mysql.MYSQL_TYPE_TIME {
			w.dst = append(w.dst, ' ')
		}
		w.clock(hour, v)
	}
	w.dst = append(w.dst, '"')
	return nil
}

func (w *jsonWriter) clock(hour, v int64) {
	digits := 2
	if hour > 99 {
		digits = 3
	}
	w.dst = appendDigits(w.dst, hour, digits)
	w.dst = appendDigits(append(w.dst, ':'), v>>30&0x3f, 2)
	w.dst = appendDigits(append(w.dst, ':'), v>>24&0x3f, 2)
	w.dst = appendDigits(append(w.dst, '.'), v&0xffffff, 6)
}
