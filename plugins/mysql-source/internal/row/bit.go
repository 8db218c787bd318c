package row

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// bitKind gives BIT(1) a boolean and BIT(n) its bytes, least significant first.
func bitKind(c *table.Column) (kind, error) {
	switch {
	case c.Length == 1 || c.Length == table.Unset:
		return kind{sdk.Boolean, mysql.MYSQL_TYPE_BIT, "%s", bitRaw, rawText}, nil
	case c.Length > 1 && c.Length <= 64:
		return kind{sdk.Bytes, mysql.MYSQL_TYPE_BIT, "%s", bitsRaw, rawText}, nil
	}
	return kind{}, fmt.Errorf("BIT(%d): want 1 to 64 bits", c.Length)
}

func bitRaw(_ *column, raw, dst []byte) ([]byte, error) {
	if len(raw) != 1 {
		return dst, errDamage
	}
	return append(dst, raw[0]&1), nil
}

func bitsRaw(c *column, raw, dst []byte) ([]byte, error) {
	if len(raw) != (c.length+7)/8 {
		return dst, errDamage
	}
	dst = appendLong(dst, int64(len(raw)))
	for i := len(raw) - 1; i >= 0; i-- {
		dst = append(dst, raw[i])
	}
	return dst, nil
}
