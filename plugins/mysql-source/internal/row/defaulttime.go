package row

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// dateDefault is for DATE and DATETIME. CURRENT_TIMESTAMP is the epoch, as in
// Debezium; a zero date is no default where there can be NULL.
func (c *column) dateDefault(d *table.Default) ([]byte, error) {
	if d.Kind == table.DefaultNow {
		return []byte{0}, nil
	}
	t, err := parseMoment(d)
	switch {
	case err != nil:
		return nil, err
	case t.zero() && c.nullable:
		return nil, nil
	case t.zero():
		return []byte{0}, nil
	case c.avro == sdk.Int:
		return appendLong(nil, t.days()), nil
	case c.length > 3:
		return c.appendDatetime(t, true, nil, 1, []byte{})
	}
	return c.appendDatetime(t, true, nil, 1000, []byte{})
}

// timestampDefault takes a literal as UTC. The epoch has no fraction, and is no
// default where there can be NULL, both as in Debezium.
func (c *column) timestampDefault(d *table.Default) ([]byte, error) {
	var t datetime
	if d.Kind != table.DefaultNow {
		var err error
		if t, err = parseMoment(d); err != nil {
			return nil, err
		}
	}
	seconds := int64(0)
	if !t.zero() {
		seconds = t.days()*secondsPerDay + t.micros/microsPerSecond
	}
	switch {
	case seconds == 0 && c.nullable:
		return nil, nil
	case seconds == 0:
		return encodeString(epoch), nil
	}
	return c.appendTimestamp(seconds, t.micros%microsPerSecond, []byte{}), nil
}

// timeDefault reads hours:minutes[:seconds], or a number of the form hhmmss.
func timeDefault(d *table.Default) ([]byte, error) {
	text := strings.TrimSpace(d.Text)
	text, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(text, ".")
	micros, err := parseFraction(fraction)
	if err != nil {
		return nil, err
	}
	parts := strings.Split(whole, ":")
	if len(parts) == 1 {
		whole = fmt.Sprintf("%06s", whole)
		n := len(whole)
		parts = []string{whole[:n-4], whole[n-4 : n-2], whole[n-2:]}
	}
	seconds := int64(0)
	for i := range 3 {
		v := int64(0)
		if i < len(parts) {
			if v, err = strconv.ParseInt(parts[i], 10, 32); err != nil || v < 0 || i > 0 && v > 59 {
				return nil, errDefaultTime
			}
		}
		seconds = seconds*60 + v
	}
	return appendTime(nil, seconds, micros, negative), nil
}
