package ddl

import (
	"encoding/binary"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Codes of the status variables of a QUERY event that decide how to read it.
const (
	statusSQLMode            = 1
	statusCharset            = 4
	statusInvoker            = 11
	statusUpdatedDatabases   = 12
	statusExplicitTimestamps = 16
	statusUTF8MB4Collation   = 18
)

// statusSizes are the sizes of status variables that have a fixed one; -1 is a
// string with its length before it, and -2 one with a zero behind it too.
var statusSizes = map[byte]int{
	0: 4, statusSQLMode: 8, 2: -2, 3: 4, statusCharset: 6, 5: -1, 6: -1, 7: 2, 8: 2, 9: 8, 10: 4, 13: 3,
	statusExplicitTimestamps: 1, 17: 8, statusUTF8MB4Collation: 2, 19: 1, 20: 1,
	128: 3, 129: 8, // MariaDB's
}

// WithStatus sets what a QUERY event's status variables say. Servers write them
// in rising order of their codes, so reading ends at the first unknown one.
func (m Mode) WithStatus(vars []byte) Mode {
	for len(vars) > 0 {
		code := vars[0]
		n := statusLength(code, vars[1:])
		if n < 0 || n > len(vars)-1 {
			return m
		}
		m.setStatus(code, vars[1:1+n])
		vars = vars[1+n:]
	}
	return m
}

// statusLength measures one variable's value; negative if that cannot be told.
func statusLength(code byte, rest []byte) int {
	size, ok := statusSizes[code]
	switch {
	case ok && size >= 0:
		return size
	case len(rest) == 0:
		return -1
	case ok:
		return int(rest[0]) - size // one byte of length, and the zero of -2
	case code == statusInvoker:
		user := 1 + int(rest[0])
		if user >= len(rest) {
			return -1
		}
		return user + 1 + int(rest[user])
	case code == statusUpdatedDatabases:
		return databasesLength(rest)
	}
	return -1
}

// databasesLength measures a count and so many strings that end in zero; a
// count of 254 means too many to name.
func databasesLength(rest []byte) int {
	count := int(rest[0])
	if count == 254 {
		return 1
	}
	n := 1
	for ; count > 0; n++ {
		if n >= len(rest) {
			return -1
		}
		if rest[n] == 0 {
			count--
		}
	}
	return n
}

func (m *Mode) setStatus(code byte, value []byte) {
	switch code {
	case statusSQLMode:
		*m = m.WithSQLMode(binary.LittleEndian.Uint64(value))
	case statusCharset:
		m.TextCharset, _ = table.CollationIDCharset(uint64(binary.LittleEndian.Uint16(value)))
		m.ServerCharset, _ = table.CollationIDCharset(uint64(binary.LittleEndian.Uint16(value[4:])))
	case statusExplicitTimestamps:
		m.ImplicitTimestamps = value[0] == 0
	case statusUTF8MB4Collation:
		if binary.LittleEndian.Uint16(value) == 45 {
			m.UTF8MB4Collation = "utf8mb4_general_ci"
		} else {
			m.UTF8MB4Collation = "utf8mb4_0900_ai_ci"
		}
	}
}
