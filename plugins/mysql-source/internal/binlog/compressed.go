package binlog

import (
	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// columnTypes finds the types of the columns in the body of a TABLE_MAP event.
func columnTypes(body []byte) []byte {
	c := cursor{rest: body}
	c.take(6 + 2)         // table, flags
	c.take(c.uint(1) + 1) // database
	c.take(c.uint(1) + 1) // name
	return c.take(c.lenenc())
}

// hideCompressed gives MariaDB's COMPRESSED columns the types that they have
// without it, whose metadata they share, because the library knows no others.
// The function that it returns undoes that.
func hideCompressed(types []byte) (restore func()) {
	var blobs, strings []int
	for i, t := range types {
		switch t {
		case table.TypeBlobCompressed:
			types[i] = mysql.MYSQL_TYPE_BLOB
			blobs = append(blobs, i)
		case table.TypeVarcharCompressed:
			types[i] = mysql.MYSQL_TYPE_VARCHAR
			strings = append(strings, i)
		}
	}
	return func() {
		for _, i := range blobs {
			types[i] = table.TypeBlobCompressed
		}
		for _, i := range strings {
			types[i] = table.TypeVarcharCompressed
		}
	}
}
