package table

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

var errAddress = errors.New("want the text of a value of this type, or all of its bytes")

// ParseAddress gives the bytes of a default of MariaDB's UUID, INET6 or INET4.
func ParseAddress(typ string, d *Default) ([]byte, error) {
	size := 16
	if typ == "INET4" {
		size = 4
	}
	if d.Kind == DefaultHex || d.Kind == DefaultBits {
		b, err := literalBytes(d)
		if err == nil && len(b) != size {
			err = errAddress
		}
		return b, err
	}
	if d.Kind != DefaultText {
		return nil, errAddress
	}
	if typ == "UUID" {
		return parseUUID(d.Text)
	}
	return parseIP(typ, d.Text)
}

// parseUUID takes hyphens between any two bytes, as the server does.
func parseUUID(text string) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(b) != 16 {
		return nil, errAddress
	}
	return b, nil
}

func parseIP(typ, text string) ([]byte, error) {
	if typ == "INET4" {
		return parseINET4(text)
	}
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is6() || a.Zone() != "" {
		return nil, errAddress
	}
	b := a.As16()
	return b[:], nil
}

// parseINET4 takes leading zeros too, which are no sign of octal digits.
func parseINET4(text string) ([]byte, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return nil, errAddress
	}
	b := make([]byte, 4)
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil || len(p) > 3 {
			return nil, errAddress
		}
		b[i] = byte(n)
	}
	return b, nil
}

// canonicalAddress gives the text as the server prints it.
func (c *Column) canonicalAddress(d *Default) (*Default, error) {
	b, err := ParseAddress(c.Type, d)
	if err != nil {
		return nil, err
	}
	var text string
	switch c.Type {
	case "UUID":
		text = fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	case "INET4":
		text = netip.AddrFrom4([4]byte(b)).String()
	default:
		text = string(AppendINET6(nil, [16]byte(b)))
	}
	return &Default{Kind: DefaultText, Text: text}, nil
}

// AppendINET6 appends an address as MariaDB prints it: the first of the longest
// runs of zero groups as ::, even a run of one, and the last two groups as an
// IPv4 address where all before them are zero, or all but an ffff just before.
func AppendINET6(dst []byte, a [16]byte) []byte {
	first, length := longestZeros(a)
	v4 := first == 0 && (length == 6 || length == 5 && a[10] == 0xff && a[11] == 0xff)
	for i := 0; i < 8; i++ {
		if i == first {
			dst = append(dst, "::"...)
			i += length - 1
			continue
		}
		if i > 0 && i != first+length {
			dst = append(dst, ':')
		}
		if v4 && i == 6 {
			return netip.AddrFrom4([4]byte(a[12:])).AppendTo(dst)
		}
		dst = strconv.AppendUint(dst, uint64(a[2*i])<<8|uint64(a[2*i+1]), 16)
	}
	return dst
}

// longestZeros finds the first of the longest runs of groups that are zero; -1
// for none.
func longestZeros(a [16]byte) (first, length int) {
	first = -1
	for i := 0; i < 8; i++ {
		n := 0
		for i+n < 8 && a[2*(i+n)]|a[2*(i+n)+1] == 0 {
			n++
		}
		if n > length {
			first, length = i, n
		}
		i += n
	}
	return first, length
}
