package ddl

// The sql_mode bits that change how a statement is read; they are the same
// numbers on MySQL and MariaDB, as in a QUERY event's status variables.
const (
	sqlModeRealAsFloat        = 1 << 0
	sqlModeANSIQuotes         = 1 << 2
	sqlModeNoBackslashEscapes = 1 << 20
	sqlModeStrictTransTables  = 1 << 21
	sqlModeStrictAllTables    = 1 << 22
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

	// shown is set for the output of SHOW CREATE TABLE, which implies nothing.
	shown bool
}

// WithSQLMode sets what the bits of sql_mode say.
func (m Mode) WithSQLMode(bits uint64) Mode {
	m.RealAsFloat = bits&sqlModeRealAsFloat != 0
	m.ANSIQuotes = bits&sqlModeANSIQuotes != 0
	m.NoBackslashEscapes = bits&sqlModeNoBackslashEscapes != 0
	m.Strict = bits&(sqlModeStrictTransTables|sqlModeStrictAllTables) != 0
	return m
}
