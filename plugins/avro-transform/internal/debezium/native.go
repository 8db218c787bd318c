package debezium

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/leat-io/leat/sdk"
)

// typeOf says what Debezium makes of a column. A type of the source that
// Debezium knows by a name of its own must come in the Avro type it has there:
// anything else would be read wrongly.
func typeOf(c *sdk.Column) (connectType, error) {
	n := &c.Native
	switch c.Type {
	case sdk.Boolean, sdk.Float, sdk.Double, sdk.Geometry, sdk.Point:
		return connectType{avro: c.Type}, checkBare(c, n.Name == "BIT" && c.Type == sdk.Boolean)
	case sdk.Vector:
		return semantic(sdk.Vector, "io.debezium.data.FloatVector"), checkBare(c, false)
	case sdk.Int:
		return intType(c)
	case sdk.Long:
		return longType(c)
	case sdk.String:
		return stringType(c)
	case sdk.Bytes:
		return bytesType(c)
	default:
		return connectType{}, fmt.Errorf("%w: unknown type %q", ErrColumn, c.Type)
	}
}

func intType(c *sdk.Column) (connectType, error) {
	switch c.Native.Name {
	case "TINYINT":
		return connectType{avro: sdk.Int, short: true}, nil
	case "SMALLINT":
		return connectType{avro: sdk.Int, short: !c.Native.Unsigned}, nil
	case "YEAR":
		return semantic(sdk.Int, "io.debezium.time.Year"), nil
	case "DATE":
		return semantic(sdk.Int, "io.debezium.time.Date"), nil
	}
	return connectType{avro: sdk.Int}, checkBare(c, false)
}

func longType(c *sdk.Column) (connectType, error) {
	switch c.Native.Name {
	case "DATETIME":
		if c.Native.Length > 3 {
			return semantic(sdk.Long, "io.debezium.time.MicroTimestamp"), nil
		}
		return semantic(sdk.Long, "io.debezium.time.Timestamp"), nil
	case "TIME":
		return semantic(sdk.Long, "io.debezium.time.MicroTime"), nil
	}
	return connectType{avro: sdk.Long}, checkBare(c, false)
}

func stringType(c *sdk.Column) (connectType, error) {
	switch c.Native.Name {
	case "ENUM":
		return semantic(sdk.String, "io.debezium.data.Enum", allowed(c)), nil
	case "SET":
		return semantic(sdk.String, "io.debezium.data.EnumSet", allowed(c)), nil
	case "JSON":
		return semantic(sdk.String, "io.debezium.data.Json"), nil
	case "UUID":
		return semantic(sdk.String, "io.debezium.data.Uuid"), nil
	case "TIMESTAMP":
		return semantic(sdk.String, "io.debezium.time.ZonedTimestamp"), nil
	}
	return connectType{avro: sdk.String}, checkBare(c, false)
}

func bytesType(c *sdk.Column) (connectType, error) {
	n := &c.Native
	switch n.Name {
	case "DECIMAL", "NUMERIC":
		return decimalType(orDefault(n.Length, 10), orDefault(n.Scale, 0)), nil
	case "BIGINT":
		return decimalType(20, 0), nil
	case "BIT":
		length := parameter{"length", strconv.Itoa(orDefault(n.Length, 1))}
		return semantic(sdk.Bytes, "io.debezium.data.Bits", length), nil
	}
	return connectType{avro: sdk.Bytes}, checkBare(c, false)
}

func semantic(avro sdk.Type, name string, parameters ...parameter) connectType {
	return connectType{avro: avro, name: name, parameters: parameters}
}

// checkBare refuses a type that must not lose its semantic name.
func checkBare(c *sdk.Column, allow bool) error {
	switch c.Native.Name {
	case "YEAR", "DATE", "DATETIME", "TIME", "TIMESTAMP", "ENUM", "SET", "JSON", "UUID", "DECIMAL", "NUMERIC", "BIT":
		if !allow {
			return fmt.Errorf("%w: %s as Avro %s is none of Debezium's default modes", ErrColumn, c.Native.Name, c.Type)
		}
	}
	return nil
}

var escapeLabel = strings.NewReplacer(`\`, `\\`, `,`, `\,`)

// allowed lists the labels with commas between them.
func allowed(c *sdk.Column) parameter {
	labels := make([]string, len(c.Native.Values))
	for i, v := range c.Native.Values {
		labels[i] = escapeLabel.Replace(v)
	}
	return parameter{"allowed", strings.Join(labels, ",")}
}

func orDefault(n, otherwise int) int {
	if n < 0 {
		return otherwise
	}
	return n
}
