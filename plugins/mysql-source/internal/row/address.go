package row

import (
	"encoding/hex"
	"fmt"
	"net/netip"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// MariaDB's UUID, INET6 and INET4 are bytes of a fixed number in the log, which
// leaves off zeros at their end; they are selected as bytes too. Their text is
// what the server prints.

// restored gives the value in full.
func restored(raw []byte, full []byte) error {
	if len(raw) > len(full) {
		return errDamage
	}
	clear(full[copy(full, raw):])
	return nil
}

// uuidRaw writes the five groups of hexadecimal digits.
func uuidRaw(_ *column, raw, dst []byte) ([]byte, error) {
	var u [16]byte
	if err := restored(raw, u[:]); err != nil {
		return dst, err
	}
	dst = append(dst, 36<<1)
	for i, group := range [][]byte{u[:4], u[4:6], u[6:8], u[8:10], u[10:]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, group)
	}
	return dst, nil
}

// inet4Raw writes four numbers.
func inet4Raw(_ *column, raw, dst []byte) ([]byte, error) {
	var a [4]byte
	if err := restored(raw, a[:]); err != nil {
		return dst, err
	}
	dst = begin(dst)
	start := len(dst)
	return end(netip.AddrFrom4(a).AppendTo(dst), start), nil
}

// inet6Raw writes groups of hexadecimal digits, the longest run of zeros left
// out.
func inet6Raw(_ *column, raw, dst []byte) ([]byte, error) {
	var a [16]byte
	if err := restored(raw, a[:]); err != nil {
		return dst, err
	}
	dst = begin(dst)
	start := len(dst)
	return end(table.AppendINET6(dst, a), start), nil
}

// addressDefault reads a default of these types, which is text in any form that
// the server takes.
func (c *column) addressDefault(native string, d *table.Default) ([]byte, error) {
	raw, err := table.ParseAddress(native, d)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", native, err)
	}
	return c.raw(c, raw, []byte{})
}
