package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Size is a number of bytes, written as 64MiB, 1MB or a plain number.
type Size int64

// The sizes that a unit stands for.
const (
	Byte Size = 1
	KB        = 1000 * Byte
	MB        = 1000 * KB
	GB        = 1000 * MB
	TB        = 1000 * GB
	KiB       = 1024 * Byte
	MiB       = 1024 * KiB
	GiB       = 1024 * MiB
	TiB       = 1024 * GiB
)

var (
	errSizeNumber = errors.New("want a number of bytes, with a unit such as MiB or MB")
	errSizeUnit   = errors.New("unknown unit; use B, kB, MB, GB, TB, KiB, MiB, GiB or TiB")
	errSizeRange  = errors.New("out of range, or not a whole number of bytes")
)

// units from the largest down, as String prefers them.
var units = []struct {
	name string
	size Size
}{
	{"TiB", TiB},
	{"TB", TB},
	{"GiB", GiB},
	{"GB", GB},
	{"MiB", MiB},
	{"MB", MB},
	{"KiB", KiB},
	{"kB", KB},
	{"B", Byte},
}

// ParseSize reads a size. Units are read in any case; without one the number
// counts bytes. A negative size is an error.
func ParseSize(text string) (Size, error) {
	end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		return 0, fmt.Errorf("parse size %q: %w", text, errSizeNumber)
	}
	unit, ok := unitOf(strings.TrimSpace(text[end:]))
	if !ok {
		return 0, fmt.Errorf("parse size %q: %w", text, errSizeUnit)
	}
	size, err := multiply(text[:end], unit)
	if err != nil {
		return 0, fmt.Errorf("parse size %q: %w", text, err)
	}
	return size, nil
}

func unitOf(name string) (Size, bool) {
	if name == "" {
		return Byte, true
	}
	for _, u := range units {
		if strings.EqualFold(u.name, name) {
			return u.size, true
		}
	}
	return 0, false
}

func multiply(number string, unit Size) (Size, error) {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		if Size(n) > math.MaxInt64/unit {
			return 0, errSizeRange
		}
		return Size(n) * unit, nil
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, errSizeNumber
	}
	f *= float64(unit)
	if f != math.Trunc(f) || f >= math.MaxInt64 {
		return 0, errSizeRange
	}
	return Size(f), nil
}

// String writes the size with the largest unit that divides it.
func (s Size) String() string {
	for _, u := range units {
		if s != 0 && s%u.size == 0 {
			return strconv.FormatInt(int64(s/u.size), 10) + u.name
		}
	}
	return "0"
}

// MarshalText writes the size as String does.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the size as ParseSize does.
func (s *Size) UnmarshalText(text []byte) error {
	size, err := ParseSize(string(text))
	if err == nil {
		*s = size
	}
	return err
}
