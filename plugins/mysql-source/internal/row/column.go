package row

import (
	"errors"
	"slices"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

var (
	errNull   = errors.New("value is NULL, yet the definition says NOT NULL: " + cure.Definition)
	errDamage = errors.New("value is damaged")
	errText   = errors.New("text of the value cannot be read")
)

// column is one column's part of a plan.
type column struct {
	kind
	name     string
	nullable bool
	// value and null are the indexes in the union, as they are written.
	value, null byte
	// absent stands for a date that is none where there can be no NULL.
	absent []byte
	// unread is why the column's default is left out of the schema, nil if it is not.
	unread error

	length, scale int
	unsigned      bool
	// labels of an ENUM or SET, unencoded, and the character set they are stored in.
	labels  []string
	charset string
	// enum has the labels as Avro strings, the empty one first.
	enum [][]byte
	// decode appends the bytes of the column's character set as UTF-8; nil
	// for UTF-8 itself.
	decode decoder
	// asciiBased is set if bytes below 0x80 are themselves in it.
	asciiBased bool
	// padded is set for CHAR, whose trailing spaces are not part of the value.
	padded bool
	// plain is raw for what a compressed value holds.
	plain func(c *column, raw, dst []byte) ([]byte, error)
}

func compileColumn(tc *table.Column) (*column, sdk.Column, error) {
	k, err := kindOf(tc)
	if err != nil {
		return nil, sdk.Column{}, err
	}
	c := &column{
		kind: k, name: tc.Name, nullable: tc.Nullable, length: tc.Length, scale: tc.Scale,
		unsigned: tc.Unsigned, labels: slices.Clone(tc.Values), charset: tc.Charset, padded: tc.Type == "CHAR",
	}
	if tc.Type == "DECIMAL" {
		c.length, c.scale = decimalDigits(tc)
	}
	if err := c.setup(tc); err != nil {
		return nil, sdk.Column{}, err
	}
	sc := sdk.Column{
		Name: tc.Name, Type: k.avro, Nullable: tc.Nullable,
		Native: sdk.NativeType{Name: tc.Type, Length: tc.Length, Scale: tc.Scale, Unsigned: tc.Unsigned, Values: slices.Clone(tc.Values)},
	}
	if c.absent, c.unread = c.compileDefault(tc.Default, &sc); c.unread != nil {
		if c.absent, err = c.compileDefault(nil, &sc); err != nil {
			return nil, sdk.Column{}, err
		}
	}
	c.value = byte(sc.ValueIndex() << 1)
	c.null = 2 - c.value
	return c, sc, nil
}

// setup prepares what some kinds need beside the definition.
func (c *column) setup(tc *table.Column) (err error) {
	if tc.Compressed {
		c.plain, c.raw, c.text = c.raw, compressedRaw, compressedText
		c.wire = compressedWire(c.wire)
	}
	switch {
	case c.avro == sdk.String && tc.Charset != "" && len(c.labels) == 0 && tc.Type != "JSON":
		c.decode, c.asciiBased, err = charsetDecoder(tc.Charset)
	case tc.Type == "ENUM":
		c.enum = append(c.enum, encodeString(""))
		for _, l := range c.labels {
			c.enum = append(c.enum, encodeString(l))
		}
	}
	return err
}

// appendNull writes NULL.
func (c *column) appendNull(dst []byte) ([]byte, error) {
	if !c.nullable {
		return dst, errNull
	}
	return append(dst, c.null), nil
}

// appendAbsent writes what stands for a date that is none: NULL where there
// can be one, else the column's default, else the epoch. The index in the
// union has been written before.
func (c *column) appendAbsent(dst []byte) []byte {
	if c.nullable {
		dst[len(dst)-1] = c.null
		return dst
	}
	return append(dst, c.absent...)
}

// appendRaw writes the value from its bytes in a row image.
func (c *column) appendRaw(raw, dst []byte) ([]byte, error) {
	if c.nullable {
		dst = append(dst, c.value)
	}
	return c.raw(c, raw, dst)
}

// appendField writes the value of a text row.
func (c *column) appendField(v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type == mysql.FieldValueTypeNull {
		return c.appendNull(dst)
	}
	if c.nullable {
		dst = append(dst, c.value)
	}
	return c.text(c, v, dst)
}
