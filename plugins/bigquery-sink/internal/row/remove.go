package row

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/civil"
)

// AppendDelete adds the delete of a row that the table holds: key has its values
// as a query returns them, in the order of the key's columns.
func (p *Plan) AppendDelete(out []byte, key []bigquery.Value, order *[4]uint64) ([]byte, error) {
	if len(key) != len(p.key) {
		return out, fmt.Errorf("key of %d columns has %d values", len(p.key), len(key))
	}
	w := walk{encoder: encoder{out: out}}
	for i, v := range key {
		if v == nil {
			continue
		}
		w.out = binary.AppendUvarint(w.out, p.key[i].tag)
		if !w.queried(p.keyTypes[i], v) {
			return out, fmt.Errorf("column %q of type %s has a value of type %T", p.key[i].column, p.keyTypes[i], v)
		}
	}
	p.change(&w, 'd', order)
	return w.out, nil
}

// queried writes a value that a query returned, tag excluded.
func (e *encoder) queried(typ bigquery.FieldType, value bigquery.Value) bool {
	switch v := value.(type) {
	case int64:
		e.varint(uint64(v))
	case bool:
		n := uint64(0)
		if v {
			n = 1
		}
		e.varint(n)
	case string:
		e.out = appendText(e.out, []byte(v))
	case []byte:
		e.out = appendText(e.out, v)
	case time.Time:
		e.varint(uint64(v.UnixMicro()))
	case civil.Date:
		e.varint(uint64(v.DaysSince(civil.Date{Year: 1970, Month: time.January, Day: 1})))
	case civil.DateTime:
		e.out = appendText(e.out, []byte(bigquery.CivilDateTimeString(v)))
	case *big.Rat:
		e.out = appendText(e.out, []byte(rationalText(typ, v)))
	default:
		return false
	}
	return true
}

func rationalText(typ bigquery.FieldType, v *big.Rat) string {
	if typ == bigquery.BigNumericFieldType {
		return bigquery.BigNumericString(v)
	}
	return bigquery.NumericString(v)
}
