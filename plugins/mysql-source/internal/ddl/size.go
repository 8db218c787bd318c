package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// zerofillWidth is the display width of integers declared ZEROFILL without one.
var zerofillWidth = map[string]int{"TINYINT": 3, "SMALLINT": 5, "MEDIUMINT": 8, "INT": 10, "BIGINT": 20}

// canonicalSize gives lengths and scales the form in which the server keeps
// them; sizes may change the type itself.
func canonicalSize(c *table.Column) {
	switch c.Type {
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT":
		integerSize(c)
	case "CHAR", "BINARY", "BIT":
		orElse(&c.Length, 1)
	case "VARCHAR", "VARBINARY":
		oversized(c)
	case "TEXT", "BLOB":
		if c.Length > 0 {
			c.Type = blobType(c.Type, uint64(c.Length)*maxBytes(c.Charset))
		}
		c.Length = table.Unset
	case "DECIMAL":
		if c.Length <= 0 {
			c.Length = 10
		}
		orElse(&c.Scale, 0)
	case "FLOAT":
		if c.Scale == table.Unset && c.Length > 24 {
			c.Type = "DOUBLE"
		}
		floatSize(c)
	case "DOUBLE":
		floatSize(c)
	case "DATETIME", "TIMESTAMP", "TIME":
		orElse(&c.Length, 0)
	case "VECTOR":
		orElse(&c.Length, 2048)
	case "YEAR", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB":
		c.Length = table.Unset
	}
}

func orElse(n *int, value int) {
	if *n == table.Unset {
		*n = value
	}
}

// integerSize drops the display width but where the server still shows it: of
// TINYINT(1), which may be a boolean, and with ZEROFILL.
func integerSize(c *table.Column) {
	c.Scale = table.Unset
	switch {
	case c.Zerofill:
		if c.Length <= 0 {
			c.Length = zerofillWidth[c.Type]
		}
	case c.Type != "TINYINT" || c.Length != 1 || c.Unsigned:
		c.Length = table.Unset
	}
}

func floatSize(c *table.Column) {
	if c.Scale == table.Unset {
		c.Length = table.Unset
	}
}

// oversized turns a VARCHAR beyond 65535 bytes into what a server outside of
// strict mode makes of it.
func oversized(c *table.Column) {
	bytes := uint64(max(c.Length, 0)) * maxBytes(c.Charset)
	if bytes <= 65535 {
		return
	}
	family := "BLOB"
	if c.Type == "VARCHAR" {
		family = "TEXT"
	}
	c.Type, c.Length = blobType(family, bytes), table.Unset
}

// blobType names the smallest type of a family that holds so many bytes.
func blobType(family string, bytes uint64) string {
	switch {
	case bytes < 1<<8:
		return "TINY" + family
	case bytes < 1<<16:
		return family
	case bytes < 1<<24:
		return "MEDIUM" + family
	}
	return "LONG" + family
}

// blobBytes is the capacity of the text types.
var blobBytes = map[string]uint64{"TINYTEXT": 1<<8 - 1, "TEXT": 1<<16 - 1, "MEDIUMTEXT": 1<<24 - 1, "LONGTEXT": 1<<32 - 1}

func maxBytes(charset string) uint64 {
	if c, ok := table.LookupCharset(charset); ok {
		return uint64(c.MaxBytes)
	}
	return 1
}

// widen gives a text column the type that holds as many characters in another
// character set as it held before.
func widen(c *table.Column, from string) {
	if capacity, ok := blobBytes[c.Type]; ok {
		c.Type = blobType("TEXT", capacity/maxBytes(from)*maxBytes(c.Charset))
		return
	}
	if c.Type == "VARCHAR" {
		oversized(c)
	}
}
