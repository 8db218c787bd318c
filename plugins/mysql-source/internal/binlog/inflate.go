package binlog

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/klauspost/compress/zlib"
)

// errInflate is returned for an event that is compressed in a way unknown here.
var errInflate = errors.New("event is compressed in an unknown way")

// plainTypes gives the types of MariaDB's compressed events (log_bin_compress)
// as they are without compression.
var plainTypes = map[replication.EventType]replication.EventType{
	replication.MARIADB_QUERY_COMPRESSED_EVENT:          replication.QUERY_EVENT,
	replication.MARIADB_WRITE_ROWS_COMPRESSED_EVENT_V1:  replication.WRITE_ROWS_EVENTv1,
	replication.MARIADB_UPDATE_ROWS_COMPRESSED_EVENT_V1: replication.UPDATE_ROWS_EVENTv1,
	replication.MARIADB_DELETE_ROWS_COMPRESSED_EVENT_V1: replication.DELETE_ROWS_EVENTv1,
}

// Inflater makes plain events of MariaDB's compressed ones. The zero value is
// ready.
type Inflater struct {
	in    bytes.Reader
	zlib  io.ReadCloser
	body  bytes.Buffer
	event Event
}

// Inflate returns the plain event, valid until it is called again.
func (i *Inflater) Inflate(e *Event) (*Event, error) {
	plain, ok := plainTypes[e.Type]
	if !ok {
		return nil, fmt.Errorf("%w: %v", errInflate, e.Type)
	}
	i.event = *e
	i.event.Type = plain
	c := cursor{rest: e.Body}
	if plain == replication.QUERY_EVENT {
		skipQueryHead(&c)
	} else {
		skipRowsHead(&c, plain == replication.UPDATE_ROWS_EVENTv1)
	}
	if c.bad {
		return nil, fmt.Errorf("%w: %v of %d bytes", ErrDamaged, e.Type, len(e.Body))
	}
	if i.body.Cap() > keepBuffer {
		i.body = bytes.Buffer{}
	}
	i.body.Reset()
	i.body.Write(e.Body[:len(e.Body)-len(c.rest)])
	if err := i.inflate(c.rest); err != nil {
		return nil, fmt.Errorf("decompress %v: %w", e.Type, err)
	}
	i.event.Body = i.body.Bytes()
	return &i.event, nil
}

// skipQueryHead passes over what stands before the text of a statement.
func skipQueryHead(c *cursor) {
	c.take(4 + 4) // thread, time it took
	database := c.uint(1)
	c.take(2) // error code
	c.take(c.uint(2) + database + 1)
}

// skipRowsHead passes over what stands before the images of rows.
func skipRowsHead(c *cursor, update bool) {
	c.take(6 + 2) // table, flags
	bitmap := (c.lenenc() + 7) / 8
	c.take(bitmap)
	if update {
		c.take(bitmap)
	}
}

// inflate appends what data holds: a byte with the method and how many bytes of
// size follow, the size, highest byte first, and the compressed bytes.
func (i *Inflater) inflate(data []byte) error {
	c := cursor{rest: data}
	head := c.uint(1)
	if head&0xf0 != 0x80 { // zlib
		return fmt.Errorf("%w: method %#x", errInflate, head)
	}
	size := int64(0)
	for _, b := range c.take(head & 0x07) {
		size = size<<8 | int64(b)
	}
	if c.bad || size > maxEvent {
		return fmt.Errorf("%w: %d bytes of compressed data", ErrDamaged, len(data))
	}
	if err := i.reset(c.rest); err != nil {
		return err
	}
	n, err := io.Copy(&i.body, io.LimitReader(i.zlib, size+1))
	if err == nil && n != size {
		err = fmt.Errorf("%w: %d bytes decompressed, want %d", ErrDamaged, n, size)
	}
	return err
}

func (i *Inflater) reset(data []byte) (err error) {
	i.in.Reset(data)
	if i.zlib == nil {
		i.zlib, err = zlib.NewReader(&i.in)
		return err
	}
	return i.zlib.(zlib.Resetter).Reset(&i.in, nil) //nolint:forcetypeassert // all of the library's readers are
}
