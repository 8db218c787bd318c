package tablemap

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var (
	errType    = errors.New("type that is not known here")
	errCharset = errors.New("collation that is not known here")
)

// plain are the types whose code alone tells them.
var plain = map[byte]string{
	mysql.MYSQL_TYPE_TINY: "TINYINT", mysql.MYSQL_TYPE_SHORT: "SMALLINT", mysql.MYSQL_TYPE_INT24: "MEDIUMINT",
	mysql.MYSQL_TYPE_LONG: "INT", mysql.MYSQL_TYPE_LONGLONG: "BIGINT", mysql.MYSQL_TYPE_YEAR: "YEAR",
	mysql.MYSQL_TYPE_FLOAT: "FLOAT", mysql.MYSQL_TYPE_DOUBLE: "DOUBLE", mysql.MYSQL_TYPE_DATE: "DATE",
	mysql.MYSQL_TYPE_JSON: "JSON", mysql.MYSQL_TYPE_VECTOR: "VECTOR",
}

// timed are the types whose metadata is fractional digits.
var timed = map[byte]string{
	mysql.MYSQL_TYPE_TIMESTAMP2: "TIMESTAMP", mysql.MYSQL_TYPE_TIMESTAMP: "TIMESTAMP",
	mysql.MYSQL_TYPE_DATETIME2: "DATETIME", mysql.MYSQL_TYPE_DATETIME: "DATETIME",
	mysql.MYSQL_TYPE_TIME2: "TIME", mysql.MYSQL_TYPE_TIME: "TIME",
}

// geometries are the names of the numbers that the event has for them.
var geometries = []string{
	"GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION",
}

// column describes a column by the event alone. It lacks what the event does not
// have: default, comment, width, decimals of FLOAT and DOUBLE, how it is generated.
func (v *event) column(i int) (table.Column, error) {
	c := table.Column{Name: string(v.ColumnName[i]), Length: table.Unset, Scale: table.Unset}
	_, c.Nullable = v.Nullable(i)
	if visible, ok := v.visible[i]; ok {
		c.Invisible = !visible
	}
	err := v.describe(i, &c)
	c.Unsigned = v.unsigned[i] && c.Type != "YEAR"
	return c, err
}

func (v *event) describe(i int, c *table.Column) error {
	code, meta := v.ColumnType[i], int(v.ColumnMeta[i])
	high, low := meta>>8, meta&0xff
	if name, ok := plain[code]; ok {
		c.Type = name
		return nil
	}
	if name, ok := timed[code]; ok {
		c.Type, c.Length = name, meta
		return nil
	}
	switch code {
	case mysql.MYSQL_TYPE_NEWDECIMAL:
		c.Type, c.Length, c.Scale = "DECIMAL", high, low
		return nil
	case mysql.MYSQL_TYPE_BIT:
		c.Type, c.Length = "BIT", high*8+low
		return nil
	case mysql.MYSQL_TYPE_GEOMETRY:
		c.Type = v.geometry(i)
		return nil
	}
	return v.describeText(i, c)
}

// geometry names the type, the most general one where the event does not tell.
func (v *event) geometry(i int) string {
	if n, ok := v.geometryTypes[i]; ok && n < uint64(len(geometries)) {
		return geometries[n]
	}
	return geometries[0]
}

// describeText reads the types that have a character set.
func (v *event) describeText(i int, c *table.Column) error {
	code, meta := v.ColumnType[i], int(v.ColumnMeta[i])
	var bytes int
	switch code {
	case mysql.MYSQL_TYPE_VARCHAR, mysql.MYSQL_TYPE_VAR_STRING:
		c.Type, bytes = "VARCHAR", meta
	case mysql.MYSQL_TYPE_BLOB:
		if meta < 1 || meta > 4 {
			return fmt.Errorf("length of %d bytes: %w", meta, errType)
		}
		c.Type = []string{"TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT"}[meta-1]
	case mysql.MYSQL_TYPE_STRING:
		switch real := meta >> 8; {
		case real == int(mysql.MYSQL_TYPE_ENUM):
			c.Type = "ENUM"
		case real == int(mysql.MYSQL_TYPE_SET):
			c.Type = "SET"
		default:
			c.Type, bytes = "CHAR", meta&0xff|(real&0x30^0x30)<<4
		}
	default:
		return fmt.Errorf("number %d: %w", code, errType)
	}
	return v.characters(i, c, bytes)
}

// characters adds character set, labels, and the length in characters.
func (v *event) characters(i int, c *table.Column, bytes int) error {
	id, told := v.collations[i]
	charset, known := table.CollationIDCharset(id)
	if !told || !known {
		return fmt.Errorf("number %d: %w", id, errCharset)
	}
	labelled := c.Type == "ENUM" || c.Type == "SET"
	if charset == "binary" && !labelled {
		c.Type, c.Length = binaryTypes[c.Type], bytes
		if bytes == 0 && c.Type != "BINARY" && c.Type != "VARBINARY" {
			c.Length = table.Unset
		}
		return nil
	}
	info, _ := table.LookupCharset(charset)
	c.Charset, c.Collation = charset, info.Collation
	switch {
	case labelled:
		return v.labels(i, c)
	case c.Type == "CHAR" || c.Type == "VARCHAR":
		c.Length = bytes / info.MaxBytes
	}
	return nil
}

// binaryTypes are what the character set binary makes of types of characters.
var binaryTypes = map[string]string{
	"CHAR": "BINARY", "VARCHAR": "VARBINARY", "TINYTEXT": "TINYBLOB", "TEXT": "BLOB", "MEDIUMTEXT": "MEDIUMBLOB", "LONGTEXT": "LONGBLOB",
}

func (v *event) labels(i int, c *table.Column) error {
	for _, raw := range v.rawLabels[i] {
		label, err := labelText(c.Charset, raw)
		if err != nil {
			return err
		}
		c.Values = append(c.Values, label)
	}
	return nil
}

// labelText reads a label, which without all of its characters may be that of another value.
func labelText(charset string, raw []byte) (string, error) {
	label, err := row.CharsetText(charset, raw)
	if err != nil {
		return "", err
	}
	if strings.Count(label, "\ufffd") > bytes.Count(raw, []byte("\ufffd")) {
		return "", fmt.Errorf("label %q: %w in %s", raw, table.ErrCharset, charset)
	}
	return label, nil
}
