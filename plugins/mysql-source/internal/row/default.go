package row

import (
	"encoding/json"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// epoch stands for a zero date in a column that has neither NULL nor default.
const epoch = "1970-01-01T00:00:00Z"

// compileDefault sets the default of the schema, and returns what is written
// for a zero date in a column that is NOT NULL: its default, else the epoch.
//
// The default is encoded as a row's value would be, then printed as Avro's
// JSON. An expression is none, as only the server can evaluate it.
func (c *column) compileDefault(d *table.Default, sc *sdk.Column) (absent []byte, err error) {
	if d != nil && d.Kind != table.DefaultExpr {
		b, err := c.encodeDefault(sc.Native.Name, d)
		if err != nil {
			return nil, fmt.Errorf("read default: %w", err)
		}
		if b != nil {
			sc.Default, err = avroJSON(c.avro, b)
			return b, err
		}
	}
	if sc.Native.Name == "TIMESTAMP" {
		return encodeString(epoch), nil
	}
	return []byte{0}, nil
}

// encodeDefault gives the default as Avro without a union, nil if there is none.
func (c *column) encodeDefault(native string, d *table.Default) ([]byte, error) {
	switch native {
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT":
		v, err := integerDefault(d)
		return appendLong(nil, v), err
	case "YEAR":
		return yearDefault(d)
	case "FLOAT", "DOUBLE":
		return c.floatDefault(d)
	case "DECIMAL":
		return c.decimalDefault(d)
	case "BIT":
		return c.bitDefault(d)
	case "DATE", "DATETIME":
		return c.dateDefault(d)
	case "TIMESTAMP":
		return c.timestampDefault(d)
	case "TIME":
		return timeDefault(d)
	case "ENUM", "SET":
		return c.labelDefault(d)
	case "JSON", "VECTOR", "POINT":
		return nil, nil
	case "UUID", "INET6", "INET4":
		return c.addressDefault(native, d)
	}
	if c.avro == sdk.Geometry {
		return nil, nil
	}
	return c.stringDefault(d)
}

// stringDefault takes the characters of a literal, or the bytes of a
// hexadecimal one as the column would have stored them.
func (c *column) stringDefault(d *table.Default) ([]byte, error) {
	raw := []byte(d.Text)
	if d.Kind == table.DefaultHex || d.Kind == table.DefaultBits {
		var err error
		if raw, err = literalBytes(d); err != nil {
			return nil, err
		}
		return c.uncompressed()(c, raw, []byte{})
	}
	if c.avro == sdk.Bytes {
		return c.uncompressed()(c, raw, []byte{})
	}
	if c.padded {
		raw = trimSpaces(raw)
	}
	return appendBytes(nil, raw), nil
}

// labelDefault finds the number of a label, or the numbers of several, so that
// a SET's come in the order of the definition. Hexadecimal digits are bytes of
// the label in the column's character set.
func (c *column) labelDefault(d *table.Default) ([]byte, error) {
	if d.Kind == table.DefaultHex || d.Kind == table.DefaultBits {
		raw, err := literalBytes(d)
		if err != nil {
			return nil, err
		}
		text, err := CharsetText(c.charset, raw)
		if err != nil {
			return nil, err
		}
		d = &table.Default{Kind: table.DefaultText, Text: text}
	}
	if d.Kind != table.DefaultText {
		n, err := integerDefault(d)
		switch {
		case err != nil:
			return nil, err
		case c.enum != nil:
			return c.appendEnum(uint64(n), []byte{})
		}
		return c.appendSet(uint64(n), []byte{})
	}
	if c.enum != nil {
		n, ok := c.findLabel(d.Text)
		if !ok && d.Text != "" {
			return nil, fmt.Errorf("it is none of the labels %q", c.labels)
		}
		return c.appendEnum(uint64(n+1), []byte{})
	}
	mask, err := c.labelMask(d.Text)
	if err != nil {
		return nil, err
	}
	return c.appendSet(mask, []byte{})
}

// avroJSON prints an encoded value as Avro does defaults: bytes as a string of
// the characters U+0000 to U+00FF.
func avroJSON(t sdk.Type, b []byte) (json.RawMessage, error) {
	switch t {
	case sdk.Boolean:
		return json.Marshal(b[0] != 0)
	case sdk.Int, sdk.Long:
		v, _ := readLong(b)
		return json.Marshal(v)
	case sdk.Float, sdk.Double:
		return floatJSON(t, b), nil
	}
	_, n := readLong(b)
	if t == sdk.String {
		return quoteJSON(string(b[n:]))
	}
	runes := make([]rune, 0, len(b)-n)
	for _, x := range b[n:] {
		runes = append(runes, rune(x))
	}
	return quoteJSON(string(runes))
}
