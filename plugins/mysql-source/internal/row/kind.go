package row

import (
	"fmt"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// kind is what columns of the same type have in common.
type kind struct {
	avro sdk.Type
	// wire is the type that a TABLE_MAP event must give for the column.
	wire byte
	// expr selects the column, with %s for its quoted name.
	expr string
	// raw appends the value from its bytes in a row image, which have the
	// length that the image's layout says.
	raw func(c *column, raw, dst []byte) ([]byte, error)
	// text appends the value from a field of a text row.
	text func(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error)
}

// kindOf finds the kind of a column by its declared type.
func kindOf(c *table.Column) (kind, error) {
	switch c.Type {
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT":
		return integerKind(c), nil
	case "FLOAT", "DOUBLE":
		return floatKind(c), nil
	case "DECIMAL":
		return kind{sdk.Bytes, mysql.MYSQL_TYPE_NEWDECIMAL, "%s", decimalRaw, decimalText}, checkDecimal(c)
	case "BIT":
		return bitKind(c)
	case "YEAR":
		return kind{sdk.Int, mysql.MYSQL_TYPE_YEAR, "%s", yearRaw, integerText}, nil
	case "DATE", "TIME", "DATETIME", "TIMESTAMP":
		return timeKind(c)
	case "ENUM":
		return kind{sdk.String, mysql.MYSQL_TYPE_ENUM, "CAST(%s AS UNSIGNED)", enumRaw, enumText}, nil
	case "SET":
		return kind{sdk.String, mysql.MYSQL_TYPE_SET, "CAST(%s AS UNSIGNED)", setRaw, setText}, checkSet(c)
	case "JSON":
		return kind{sdk.String, mysql.MYSQL_TYPE_JSON, "CAST(%s AS BINARY)", jsonRaw, jsonText}, nil
	case "UUID":
		return kind{sdk.String, mysql.MYSQL_TYPE_STRING, "CAST(%s AS BINARY(16))", uuidRaw, rawText}, nil
	case "INET6":
		return kind{sdk.String, mysql.MYSQL_TYPE_STRING, "CAST(%s AS BINARY(16))", inet6Raw, rawText}, nil
	case "INET4":
		return kind{sdk.String, mysql.MYSQL_TYPE_STRING, "CAST(%s AS BINARY(4))", inet4Raw, rawText}, nil
	case "VECTOR":
		return kind{sdk.Vector, mysql.MYSQL_TYPE_VECTOR, "%s", vectorRaw, rawText}, nil
	case "POINT":
		return kind{sdk.Point, mysql.MYSQL_TYPE_GEOMETRY, "%s", pointRaw, rawText}, nil
	case "GEOMETRY", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON",
		"GEOMETRYCOLLECTION", "GEOMCOLLECTION":
		return kind{sdk.Geometry, mysql.MYSQL_TYPE_GEOMETRY, "%s", geometryRaw, rawText}, nil
	}
	return stringKind(c)
}

// stringKind is for strings of characters and of bytes. They are selected as
// bytes, so that the server does not convert them: its own conversion and ours
// might differ in a character.
func stringKind(c *table.Column) (kind, error) {
	var wire byte
	switch c.Type {
	case "CHAR", "BINARY":
		wire = mysql.MYSQL_TYPE_STRING
	case "VARCHAR", "VARBINARY":
		wire = mysql.MYSQL_TYPE_VARCHAR
	case "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB":
		wire = mysql.MYSQL_TYPE_BLOB
	default:
		return kind{}, fmt.Errorf("type %s is not supported; exclude the column, or change its type", c.Type)
	}
	switch {
	case c.Type == "BINARY":
		return kind{sdk.Bytes, wire, "%s", binaryRaw, rawText}, nil
	case strings.HasSuffix(c.Type, "CHAR") || strings.HasSuffix(c.Type, "TEXT"):
		if c.Charset == "binary" {
			return kind{sdk.Bytes, wire, "%s", bytesRaw, rawText}, nil
		}
		return kind{sdk.String, wire, "CAST(%s AS BINARY)", stringRaw, rawText}, nil
	}
	return kind{sdk.Bytes, wire, "%s", bytesRaw, rawText}, nil
}

// rawText is for values that a text row carries as a row image does.
func rawText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeString {
		return dst, errText
	}
	return c.raw(c, v.AsString(), dst)
}
