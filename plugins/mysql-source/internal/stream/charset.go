package stream

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/charset"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var errGenerated = errors.New("statement that the server may have written itself, in UTF-8, or the client in its own character set: it can be read as either")

var errLabels = errors.New("statement that the server may have written itself: in the labels of ENUM and SET it writes a question mark for what is beyond utf8mb3")

// readStatement is a statement with what its session makes of it.
type readStatement struct {
	statements []ddl.Statement
	mode       ddl.Mode
	// text is for people, in valid UTF-8.
	text string
	// unclear says that text lacks what could not be decoded.
	unclear bool
}

// read reads a statement in the character set of its session. An error comes
// with as much of it as can be read.
func (s *Stream) read(q *binlog.Query) (*readStatement, error) {
	raw := string(q.Text)
	x := &readStatement{text: strings.ToValidUTF8(raw, "\ufffd"), unclear: !utf8.ValidString(raw), mode: s.mode(q)}
	x.mode.Database = string(q.Database)
	var err error
	if x.mode.Client, err = clientCharset(q.Client); err != nil {
		x.unclear = true
		return x, err
	}
	if x.mode.Connection, err = clientCharset(q.Connection); err != nil {
		return x, err
	}
	if generated(raw) {
		if err := x.generated(raw); err != nil {
			return x, err
		}
	}
	return x, x.parse(raw, q.Unknown)
}

// generated finds out who wrote a statement that looks like the server's.
func (x *readStatement) generated(raw string) error {
	if isUTF8(x.mode.Client) && isUTF8(x.mode.Connection) || !utf8.ValidString(raw) {
		return nil
	}
	if !isUTF8(x.mode.Client) {
		text, ok := x.mode.Client.Decode(raw)
		if !ok {
			x.mode.Client, x.mode.Connection = nil, nil
			return nil
		}
		x.text = raw + "\n" + text // whichever it is, the table's name is in it
	}
	return errGenerated
}

func (x *readStatement) parse(raw string, unknown byte) (err error) {
	if x.mode.Client != nil {
		var ok bool
		x.text, ok = x.mode.Client.Decode(raw)
		x.unclear = !ok
	}
	if x.statements, err = ddl.Parse(raw, x.mode); err != nil {
		return err
	}
	for _, st := range x.statements {
		if unknown != 0 && st.Class() == ddl.Definition {
			return fmt.Errorf("status variable %d of the statement's session is not known here", unknown)
		}
		if c, ok := st.(*ddl.CreateTable); ok && c.LabelsInQuestion() && generatedForm.MatchString(raw) {
			return errLabels
		}
	}
	return nil
}

// generatedForm begins a CREATE TABLE that the server writes where the client's
// own statement would not do, as for CREATE TABLE … SELECT. It does so in UTF-8,
// yet tells the client's character set with it.
var generatedForm = regexp.MustCompile("^CREATE (OR REPLACE )?TABLE (IF NOT EXISTS )?([`\"]).*[`\"] \\(\n  [`\"]")

func generated(raw string) bool {
	return strings.HasPrefix(raw, "CREATE ") && !ascii(raw) && generatedForm.MatchString(raw)
}

func isUTF8(c *charset.Charset) bool { return c == nil || strings.HasPrefix(c.Name, "utf8") }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clientCharset finds a session's character set by a collation's number; nil
// for utf8mb4, and where the log does not tell.
func clientCharset(collation uint16) (*charset.Charset, error) {
	switch collation {
	case 0, 45, 46, 255:
		return nil, nil
	}
	name, ok := table.CollationIDCharset(uint64(collation))
	if !ok {
		return nil, fmt.Errorf("statement in the character set of collation %d, which is not known here", collation)
	}
	return charset.Lookup(name)
}

// mode is what the session of a statement says of its meaning, but for the
// character sets that it is written in.
func (s *Stream) mode(q *binlog.Query) ddl.Mode {
	m := ddl.Mode{
		ImplicitTimestamps: q.ImplicitTimestamps, MariaDB: s.facts.MariaDB,
		UTF8MB4Collation: q.UTF8MB4Collation(), TimeZone: s.timeZone(string(q.TimeZone)),
	}
	if m.MariaDB {
		m.ImplicitTimestamps = q.Flags&explicitTimestamps == 0
	}
	if name, ok := table.CollationIDCharset(uint64(q.Server)); ok {
		m.ServerCharset = name
	}
	return m.WithSQLMode(q.SQLMode)
}

// explicitTimestamps is explicit_defaults_for_timestamp=ON among MariaDB's flags.
const explicitTimestamps = 1 << 24

// timeZone resolves that of the server where its name says it.
func (s *Stream) timeZone(name string) string {
	if name != "SYSTEM" {
		return name
	}
	switch s.facts.Variables["system_time_zone"] {
	case "UTC", "GMT", "Etc/UTC", "Universal", "Zulu":
		return "+00:00"
	}
	return name
}

// readClient notes the character set of a transaction's session, in which the
// statements that its rows come from are.
func (s *Stream) readClient(q *binlog.Query) error {
	if !s.Query {
		return nil
	}
	if err := q.ReadSession(); err != nil {
		return err
	}
	s.client = q.Client
	return nil
}

// queryText gives the statement that rows come from as UTF-8. The session may
// have changed its character set within the transaction, which the log does not
// tell: U+FFFD stands for what cannot be read.
func (s *Stream) queryText(raw []byte) string {
	text := string(raw)
	if c, err := clientCharset(s.client); err == nil && c != nil {
		text, _ = c.Decode(text)
	}
	return strings.ToValidUTF8(text, "\ufffd")
}
