package row

import (
	"encoding/binary"
	"math"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// floatKind gives FLOAT a float and DOUBLE a double; FLOAT(M,D) is a double
// too, as in Debezium. REAL is a DOUBLE here, since SHOW CREATE TABLE says so.
// A SELECT would round a FLOAT to six digits and FLOAT(M,D) or DOUBLE(M,D) to
// D decimals; times one as double it gives all of them, and keeps minus zero.
func floatKind(c *table.Column) kind {
	switch {
	case c.Type == "FLOAT" && c.Scale == table.Unset:
		return kind{sdk.Float, mysql.MYSQL_TYPE_FLOAT, "%s*1E0", floatRaw, floatText}
	case c.Type == "FLOAT":
		return kind{sdk.Double, mysql.MYSQL_TYPE_FLOAT, "%s*1E0", floatDoubleRaw, doubleText}
	case c.Scale != table.Unset:
		return kind{sdk.Double, mysql.MYSQL_TYPE_DOUBLE, "%s*1E0", doubleRaw, doubleText}
	}
	return kind{sdk.Double, mysql.MYSQL_TYPE_DOUBLE, "%s", doubleRaw, doubleText}
}

func floatRaw(_ *column, raw, dst []byte) ([]byte, error) {
	return append(dst, raw[:4]...), nil
}

func floatDoubleRaw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendDouble(dst, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw)))), nil
}

func doubleRaw(_ *column, raw, dst []byte) ([]byte, error) {
	return append(dst, raw[:8]...), nil
}

func floatText(_ *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeFloat {
		return dst, errText
	}
	return appendFloat(dst, float32(v.AsFloat64())), nil
}

func doubleText(_ *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeFloat {
		return dst, errText
	}
	return appendDouble(dst, v.AsFloat64()), nil
}
