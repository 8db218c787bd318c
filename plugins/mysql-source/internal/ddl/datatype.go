package ddl

import (
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// aliases give the canonical name of a one-word type.
var aliases = map[string]string{
	"INTEGER": "INT", "INT1": "TINYINT", "INT2": "SMALLINT", "INT3": "MEDIUMINT",
	"MIDDLEINT": "MEDIUMINT", "INT4": "INT", "INT8": "BIGINT",
	"BOOL": "TINYINT", "BOOLEAN": "TINYINT", "SERIAL": "BIGINT",
	"DEC": "DECIMAL", "NUMERIC": "DECIMAL", "FIXED": "DECIMAL", "NUMBER": "DECIMAL",
	"REAL": "DOUBLE", "FLOAT4": "FLOAT", "FLOAT8": "DOUBLE",
	"CHARACTER": "CHAR", "NCHAR": "CHAR", "NVARCHAR": "VARCHAR", "VARCHARACTER": "VARCHAR",
	"VARCHAR2": "VARCHAR", "CLOB": "LONGTEXT", "RAW": "VARBINARY",
	"GEOMCOLLECTION": "GEOMETRYCOLLECTION",
}

// declared holds the words that SHOW CREATE TABLE forgets and a reader may want.
var declared = map[string]string{
	"BOOL": "BOOL", "BOOLEAN": "BOOL", "SERIAL": "SERIAL", "REAL": "REAL",
	"NCHAR": "NCHAR", "NVARCHAR": "NVARCHAR",
}

// dataType reads a type with its size, labels and the attributes bound to it.
func (p *parser) dataType(c *ColumnDef) {
	word := p.typeName()
	switch word {
	case "LONG":
		word = p.longType()
	case "NATIONAL":
		word = "N" + strings.ToUpper(p.ident("CHAR or VARCHAR"))
		if word == "NCHARACTER" {
			word = "NCHAR"
		}
	case "DOUBLE":
		p.hasAny("PRECISION")
	}
	if varying(word) && p.hasAny("VARYING", "VARCHAR", "VARCHARACTER") {
		word = strings.NewReplacer("NCHAR", "NVARCHAR", "CHARACTER", "VARCHAR", "CHAR", "VARCHAR").Replace(word)
	}
	c.Type, c.Declared = word, declared[word]
	if base, ok := aliases[word]; ok {
		c.Type = base
	}
	p.typeArguments(c)
	if p.lex.mode.Oracle && word == "NUMBER" && c.Length == table.Unset {
		c.Type = "DOUBLE"
	}
	for p.typeAttribute(c) {
	}
	p.impliedByWord(c, word)
}

func varying(word string) bool { return word == "CHAR" || word == "CHARACTER" || word == "NCHAR" }

// longType reads what follows LONG: nothing, VARCHAR, CHAR VARYING or VARBINARY.
func (p *parser) longType() string {
	switch {
	case p.hasAny("VARBINARY"):
		return "MEDIUMBLOB"
	case p.has("CHAR", "VARYING"), p.has("CHARACTER", "VARYING"):
	case p.hasAny("VARCHAR", "VARCHARACTER"):
	}
	return "MEDIUMTEXT"
}

// impliedByWord fills in what a type's alias stands for.
func (p *parser) impliedByWord(c *ColumnDef, word string) {
	switch word {
	case "BOOL", "BOOLEAN":
		c.Length = 1
	case "SERIAL":
		c.Unsigned = true
	case "NCHAR", "NVARCHAR":
		c.Charset = "utf8mb3"
	case "REAL":
		if p.lex.mode.RealAsFloat {
			c.Type, c.Declared = "FLOAT", ""
		}
	case "JSON":
		if p.lex.mode.MariaDB {
			c.Type, c.Declared = "LONGTEXT", "JSON"
			c.Charset, c.Collation = "utf8mb4", "utf8mb4_bin"
		}
	}
}

// typeArguments reads (length), (precision, scale) or the labels.
func (p *parser) typeArguments(c *ColumnDef) {
	if !p.peek(0).punct('(') {
		return
	}
	if c.Type == "ENUM" || c.Type == "SET" {
		p.labels(c)
		return
	}
	p.take()
	if n, ok := p.integer(); ok {
		c.Length = n
	}
	if p.hasPunct(',') {
		if n, ok := p.integer(); ok {
			c.Scale = n
		}
	}
	p.hasAny("CHAR", "BYTE") // Oracle's VARCHAR2(10 CHAR)
	p.wantPunct(')')
}

func (p *parser) labels(c *ColumnDef) {
	p.take()
	for p.err == nil {
		c.labels = append(c.labels, p.label())
		if !p.hasPunct(',') {
			break
		}
	}
	p.wantPunct(')')
}

// label reads one label, which may be written as a hexadecimal or bit literal.
func (p *parser) label() literal {
	switch t := p.peek(0); t.kind {
	case tokenHex, tokenBits:
		p.take()
		return literal{bytes: string(literalBytes(t)), charset: binaryCharset}
	default:
		return p.str("a label")
	}
}

// integer reads a whole number; one too large for any length is an error.
func (p *parser) integer() (int, bool) {
	t := p.peek(0)
	if t.kind == tokenNumber {
		text, _, _ := strings.Cut(t.text, ".") // DECIMAL(19.5) is taken by old servers
		if n, err := strconv.ParseUint(text, 10, 32); err == nil {
			p.take()
			return int(n), true
		}
	}
	p.fail("expected a whole number")
	return table.Unset, false
}

// typeAttribute reads one attribute that stands between type and the rest.
func (p *parser) typeAttribute(c *ColumnDef) bool {
	switch {
	case p.has("UNSIGNED"):
		c.Unsigned = true
	case p.has("SIGNED"):
		c.Unsigned = false
	case p.has("ZEROFILL"):
		c.Zerofill, c.Unsigned = true, true
	default:
		return p.charsetAttribute(c)
	}
	return true
}

// charsetAttribute reads the attributes that choose a character set.
func (p *parser) charsetAttribute(c *ColumnDef) bool {
	switch t := p.peek(0); {
	case t.is("CHARSET"), t.isAny("CHARACTER", "CHAR") && p.peek(1).is("SET"):
		c.Charset = p.charset()
	case p.has("ASCII"):
		c.Charset = "latin1"
	case p.has("UNICODE"):
		c.Charset = "ucs2"
	case p.has("BYTE"):
		c.Charset = "binary"
	case p.has("BINARY"):
		c.BinaryCollation = true
	default:
		return false
	}
	return true
}
