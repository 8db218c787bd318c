package binlog

import "fmt"

// Session is what a statement's status variables tell of the session that it
// ran in, as far as that decides its meaning. docs/statements.md has them all.
type Session struct {
	// Flags are those of the session's options.
	Flags   uint32
	SQLMode uint64
	// Client, Connection and Server are the numbers of the collations of
	// character_set_client, collation_connection and collation_server, 0 if not told.
	Client, Connection, Server uint16
	// UTF8MB4 is the number of the default collation for utf8mb4, 0 if not told.
	UTF8MB4 uint16
	// TimeZone is the session's, told where the statement depends on it.
	TimeZone []byte
	// ImplicitTimestamps is explicit_defaults_for_timestamp=OFF.
	ImplicitTimestamps bool
	// Phase is that of MariaDB's ALTER TABLE in two phases.
	Phase Phase
	// Unknown is the code of a variable that is not known here, 0 if there is
	// none: it and those behind it were not read.
	Unknown byte
}

// Phase says which of the events of one ALTER TABLE a statement is.
type Phase byte

// The phases with binlog_alter_two_phase=ON; zero stands for a statement that
// is logged once.
const (
	PhaseStart    Phase = 2
	PhaseCommit   Phase = 4
	PhaseRollback Phase = 8
)

// Carried says whether the statement has taken effect at its place in the log.
func (s *Session) Carried() bool { return s.Phase&(PhaseStart|PhaseRollback) == 0 }

// Collations for utf8mb4 that a session may have as its default.
var utf8mb4 = map[uint16]string{45: "utf8mb4_general_ci", 255: "utf8mb4_0900_ai_ci"}

// UTF8MB4Collation is the session's default collation for utf8mb4, empty if it
// is the server's own.
func (s *Session) UTF8MB4Collation() string { return utf8mb4[s.UTF8MB4] }

// parseSession reads status variables up to the first that is not known here.
// They are written in the order of their codes, but for MariaDB's 131, which
// stands before the character set.
func parseSession(status []byte) (Session, error) {
	var s Session
	c := cursor{rest: status}
	for len(c.rest) > 0 && s.Unknown == 0 {
		code := byte(c.uint(1))
		if !s.variable(&c, code) && !skipStatus(&c, code) {
			s.Unknown = code
		}
		if c.bad {
			return s, fmt.Errorf("%w: status variable %d of a QUERY", ErrDamaged, code)
		}
	}
	return s, nil
}

// variable reads one that matters.
func (s *Session) variable(c *cursor, code byte) bool {
	switch code {
	case statusFlags2:
		s.Flags = uint32(c.uint(4))
	case statusSQLMode:
		s.SQLMode = c.uint(8)
	case statusCharset:
		s.Client, s.Connection, s.Server = uint16(c.uint(2)), uint16(c.uint(2)), uint16(c.uint(2))
	case statusTimeZone:
		s.TimeZone = c.take(c.uint(1))
	case statusExplicitTimestamp:
		s.ImplicitTimestamps = c.uint(1) == 0
	case statusUTF8MB4:
		s.UTF8MB4 = uint16(c.uint(2))
	case statusGTIDFlags:
		s.Phase = Phase(c.uint(1))
		if s.Phase&(PhaseCommit|PhaseRollback) != 0 {
			c.take(8) // the number of the group that began it
		}
	default:
		return false
	}
	return true
}
