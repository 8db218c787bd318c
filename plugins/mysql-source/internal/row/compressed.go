package row

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"io"
	"sync"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// The first byte of a value of MariaDB's COMPRESSED columns: the method, whether
// the compressed bytes are bare, and how many bytes of length follow.
const (
	compressedMethod = 0xf0
	compressedPlain  = 0x00
	compressedZlib   = 0x80
	compressedBare   = 0x08
	compressedLength = 0x07
)

// longestCompressed is what a LONGBLOB holds.
const longestCompressed = 1<<32 - 1

// scratch holds decompressed values while they are encoded.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// compressedRaw writes what a compressed value holds.
func compressedRaw(c *column, raw, dst []byte) ([]byte, error) {
	if len(raw) == 0 {
		return c.plain(c, raw, dst)
	}
	switch raw[0] & compressedMethod {
	case compressedPlain:
		return c.plain(c, raw[1:], dst)
	case compressedZlib:
	default:
		return dst, errDamage
	}
	buf := scratch.Get().(*bytes.Buffer) //nolint:forcetypeassert // nothing else is put there
	defer scratch.Put(buf)
	buf.Reset()
	if err := decompress(raw, buf); err != nil {
		return dst, err
	}
	return c.plain(c, buf.Bytes(), dst)
}

// decompress reads as many bytes as the value says it has, and no more.
func decompress(raw []byte, to *bytes.Buffer) error {
	n := int(raw[0] & compressedLength)
	if n == 0 || n > 4 || len(raw) <= n {
		return errDamage
	}
	size := bigEndian(raw[1 : 1+n])
	in := bytes.NewReader(raw[1+n:])
	var from io.ReadCloser
	if raw[0]&compressedBare != 0 {
		from = flate.NewReader(in)
	} else {
		var err error
		if from, err = zlib.NewReader(in); err != nil {
			return errDamage
		}
	}
	read, err := io.Copy(to, io.LimitReader(from, min(size, longestCompressed)+1))
	if err != nil || read != size {
		return errDamage
	}
	return from.Close()
}

// uncompressed is how a value is written that is not compressed.
func (c *column) uncompressed() func(c *column, raw, dst []byte) ([]byte, error) {
	if c.plain != nil {
		return c.plain
	}
	return c.raw
}

// compressedText takes a selected value, which the server has decompressed.
func compressedText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeString {
		return dst, errText
	}
	return c.plain(c, v.AsString(), dst)
}

// compressedWire is the type that the log gives a column for being compressed.
func compressedWire(wire byte) byte {
	if wire == mysql.MYSQL_TYPE_VARCHAR {
		return table.TypeVarcharCompressed
	}
	return table.TypeBlobCompressed
}
