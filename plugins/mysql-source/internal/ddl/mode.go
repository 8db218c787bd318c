package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/charset"

// The sql_mode bits that change how a statement is read; they are those
// of a QUERY event's status variables, where MySQL and MariaDB have some numbers
// for different things.
const (
	sqlModeRealAsFloat        = 1 << 0
	sqlModeANSIQuotes         = 1 << 2
	sqlModeOracle             = 1 << 9  // MariaDB's
	sqlModeMaxDB              = 1 << 12 // MariaDB's
	sqlModeNoBackslashEscapes = 1 << 20
	sqlModeStrictTransTables  = 1 << 21
	sqlModeStrictAllTables    = 1 << 22
	sqlModeTruncateFractional = 1 << 32 // MySQL's
	sqlModeEmptyStringIsNull  = 1 << 32 // MariaDB's
	sqlModeRoundFractional    = 1 << 34 // MariaDB's
)

// Mode is the session state under which a statement was written.
type Mode struct {
	// Database is the session's default database, for unqualified names.
	Database           string
	ANSIQuotes         bool
	NoBackslashEscapes bool
	RealAsFloat        bool
	// Strict has a statement fail rather than bend a value.
	Strict bool
	// ImplicitTimestamps is explicit_defaults_for_timestamp=OFF.
	ImplicitTimestamps bool
	// MariaDB makes /*M! comments active and JSON an alias of LONGTEXT.
	MariaDB bool
	// UTF8MB4Collation is default_collation_for_utf8mb4, empty for the
	// flavour's own default.
	UTF8MB4Collation string
	// ServerCharset is that of collation_server, which a new database takes;
	// empty for the catalog's.
	ServerCharset string
	// Client and Connection are the character sets that the statement is written
	// in, and that its string literals are converted to; nil for utf8mb4.
	Client, Connection *charset.Charset
	// TimeZone is the session's, in which literals of TIMESTAMP columns are;
	// empty for UTC.
	TimeZone string
	// Oracle and MaxDB change the meaning of some types' names.
	Oracle, MaxDB bool
	// EmptyIsNull makes '' NULL.
	EmptyIsNull bool
	// TruncateFraction cuts what a column's fraction has no room for, where it
	// is rounded otherwise.
	TruncateFraction bool

	// shown is set for the output of SHOW CREATE TABLE, which implies nothing.
	shown bool
}

// WithSQLMode sets what the bits of sql_mode say; the flavour is set before.
func (m Mode) WithSQLMode(bits uint64) Mode {
	m.RealAsFloat = bits&sqlModeRealAsFloat != 0
	m.ANSIQuotes = bits&sqlModeANSIQuotes != 0
	m.NoBackslashEscapes = bits&sqlModeNoBackslashEscapes != 0
	m.Strict = bits&(sqlModeStrictTransTables|sqlModeStrictAllTables) != 0
	m.TruncateFraction = bits&sqlModeTruncateFractional != 0
	if m.MariaDB {
		m.Oracle, m.MaxDB = bits&sqlModeOracle != 0, bits&sqlModeMaxDB != 0
		m.EmptyIsNull = bits&sqlModeEmptyStringIsNull != 0
		m.TruncateFraction = bits&sqlModeRoundFractional == 0
	}
	return m
}
