package table

import (
	"fmt"
	"strings"
)

// CanonicalDefault gives the default the form in which the server itself shows
// it, so that a definition followed through statements and one read from SHOW
// CREATE TABLE are the same: text, bits without leading zeros, hexadecimal
// digits for byte strings, now, or an expression without its source. A literal
// that no server would take for this column is an error and stays as it is.
func (c *Column) CanonicalDefault() error {
	if c.Default == nil {
		return nil
	}
	switch c.Default.Kind {
	case DefaultNow:
		*c.Default = Default{Kind: DefaultNow}
		return nil
	case DefaultExpr:
		*c.Default = Default{Kind: DefaultExpr}
		return nil
	}
	d, err := c.canonical(c.Default)
	if err != nil {
		return fmt.Errorf("default %s %q of column %q (%s): %w", c.Default.Kind, c.Default.Text, c.Name, c.Type, err)
	}
	c.Default = d
	return nil
}

func (c *Column) canonical(d *Default) (*Default, error) {
	switch c.Type {
	case "BIT":
		return canonicalBits(d)
	case "UUID", "INET6", "INET4":
		return c.canonicalAddress(d)
	case "BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB":
		return c.canonicalBytes(d)
	}
	text, err := c.canonicalText(d)
	if err != nil {
		return nil, err
	}
	return &Default{Kind: DefaultText, Text: text}, nil
}

func (c *Column) canonicalText(d *Default) (string, error) {
	switch c.Type {
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT":
		return canonicalDecimal(d, 0)
	case "DECIMAL":
		return canonicalDecimal(d, c.Scale)
	case "FLOAT":
		return canonicalFloat(d, c.Scale, 32)
	case "DOUBLE":
		return canonicalFloat(d, c.Scale, 64)
	case "YEAR":
		return canonicalYear(d)
	case "DATE", "TIME", "DATETIME", "TIMESTAMP":
		return c.canonicalTime(d)
	}
	text, err := literalText(d, c.Charset)
	if err != nil {
		return "", err
	}
	switch c.Type {
	case "CHAR":
		return strings.TrimRight(text, " "), nil
	case "ENUM":
		return canonicalEnum(text, c.Values)
	case "SET":
		return canonicalSet(text, c.Values)
	}
	return text, nil
}
