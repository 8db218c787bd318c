package row

import (
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/charset"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// decoder appends bytes of a character set as UTF-8. It has no state, so many
// goroutines may use it.
type decoder func(dst, src []byte) []byte

// charsetDecoder finds the decoder of a character set, nil for UTF-8, and
// whether bytes below 0x80 are ASCII wherever all bytes are below 0x80.
func charsetDecoder(name string) (d decoder, asciiBased bool, err error) {
	c, err := charset.Lookup(table.CharsetName(name))
	if err != nil || c.Name == "binary" {
		return nil, false, fmt.Errorf("character set %s is not supported; exclude the column, or convert it to utf8mb4", name)
	}
	return c.Decoder(), c.ASCII, nil
}
