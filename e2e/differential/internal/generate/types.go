package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// kind is a type of column: how it is declared, and values of it as they stand in a statement.
type kind struct {
	name   func(r *rand.Rand) string
	values func(r *rand.Rand) string
	// defaults says that a value can be a default.
	defaults bool
	// alters says that columns can become this type from any other that does.
	alters bool
	// keys says that it can be part of a key.
	keys bool
}

// kinds are the types to choose from. Those at which Debezium stops are left out.
func kinds() []kind {
	return append(numberKinds(), append(textKinds(), otherKinds()...)...)
}

func numberKinds() []kind {
	return []kind{
		{pick("TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "INT(5)", "BIGINT"), pick("-128", "127", "0", "-1", "5", "42"), true, true, true},
		{pick("TINYINT UNSIGNED", "SMALLINT UNSIGNED", "MEDIUMINT UNSIGNED", "INT UNSIGNED", "BIGINT UNSIGNED"), pick("0", "1", "255", "77"), true, true, true},
		{pick("BIGINT", "BIGINT SIGNED"), pick("-9223372036854775808", "9223372036854775807", "0"), true, true, false},
		{pick("BIGINT UNSIGNED"), pick("18446744073709551615", "9223372036854775808", "3"), false, true, false},
		{pick("DECIMAL(10,2)", "DECIMAL", "NUMERIC(30,10)", "DEC(5,5)", "FIXED(12,0) UNSIGNED"), pick("0", "0.5", "0.25", "0.99", "1"), true, true, false},
		{pick("FLOAT", "FLOAT(20)", "FLOAT(8,3)"), pick("0", "1.5", "-0.25", "1024", "106.03176"), false, true, false},
		{pick("DOUBLE", "DOUBLE PRECISION", "FLOAT(40)", "DOUBLE(10,4)"), pick("0", "0.1", "-2.5", "123456.7891"), true, true, false},
		{pick("BOOL", "BOOLEAN", "TINYINT(1)"), pick("TRUE", "FALSE", "1", "0"), true, true, false},
		{pick("BIT(1)", "BIT", "BIT(9)", "BIT(64)"), pick("b'0'", "b'1'"), true, false, false},
	}
}

func textKinds() []kind {
	plain := pick("''", "'a'", "'two words'", "'it''s'", `'"q"'`, "'trail '", "'NULL'")
	return []kind{
		{pick("VARCHAR(20)", "CHAR(12)", "VARCHAR(200)", "NVARCHAR(30)"), plain, false, true, false},
		{pick("VARCHAR(20) CHARACTER SET latin1", "VARCHAR(30) CHARSET utf8mb4", "CHAR(9) CHARACTER SET ascii", "VARCHAR(20) CHARACTER SET gbk", "VARCHAR(20) COLLATE utf8mb4_bin"), pick("'a'", "'b c'", "''"), true, true, true},
		{pick("VARCHAR(30) CHARACTER SET utf8mb4", "TEXT CHARACTER SET utf8mb4", "VARCHAR(30) CHARACTER SET utf16"), pick("'漢字'", "'😀'", "'naïve'", "''"), false, false, false},
		{pick("TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "TEXT(50)"), plain, false, true, false},
		{pick("VARBINARY(20)", "BINARY(3)", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB"), pick("x'00ff'", "x''", "'ab'", "x'0100'"), false, false, false},
		{pick("ENUM('a','b','c')", "ENUM('b','a')", "ENUM('a','a b','ü') CHARACTER SET utf8mb4"), pick("'a'"), true, false, false},
		{pick("SET('x','y','z')", "SET('y','x')"), pick("'x'", "'x,y'", "''"), true, false, false},
	}
}

func otherKinds() []kind {
	return []kind{
		{pick("DATE"), pick("'2020-01-02'", "'1970-01-01'", "'9999-12-31'", "'1969-07-20'"), true, false, true},
		{pick("DATETIME", "DATETIME(3)", "DATETIME(6)", "DATETIME(1)"), pick("'2020-01-02 03:04:05'", "'1969-12-31 23:59:59'", "'2038-01-19 03:14:08'"), true, false, false},
		{pick("TIMESTAMP NULL", "TIMESTAMP(3) NULL", "TIMESTAMP(6) NULL"), pick("'2020-01-02 03:04:05'", "'1970-01-02 00:00:00'"), true, false, false},
		{pick("TIME", "TIME(3)", "TIME(6)"), pick("'00:00:00'", "'-838:59:59'", "'12:34:56.5'"), true, false, false},
		{pick("YEAR"), pick("2020", "1901", "2155"), true, false, false},
		{pick("JSON"), pick(`'{"a": 1}'`, `'[1, "x", null]'`, `'"s"'`, "'1.5'"), false, false, false},
		{pick("POINT", "GEOMETRY"), pick("ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(-1.5 0)')"), false, false, false},
	}
}

// pick returns a function that chooses one of some words.
func pick(words ...string) func(*rand.Rand) string {
	return func(r *rand.Rand) string { return words[r.IntN(len(words))] }
}

// column is a column of a table as it is believed to be.
type column struct {
	name     string
	kind     kind
	required bool
	key      bool
}

// declare writes the column for CREATE TABLE and ALTER TABLE.
func (c *column) declare(r *rand.Rand) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", c.name, c.kind.name(r))
	switch {
	case strings.HasSuffix(b.String(), "NULL"):
		c.required = false
	case c.required:
		b.WriteString(" NOT NULL")
	case r.IntN(3) == 0:
		b.WriteString(" NULL")
	}
	if c.kind.defaults && !c.key && r.IntN(3) == 0 {
		b.WriteString(" DEFAULT " + c.kind.values(r))
	}
	if r.IntN(8) == 0 {
		b.WriteString(" COMMENT 'a, (comment'")
	}
	return b.String()
}

// value returns one for a row.
func (c *column) value(r *rand.Rand) string {
	if !c.required && !c.key && r.IntN(5) == 0 {
		return "NULL"
	}
	return c.kind.values(r)
}
