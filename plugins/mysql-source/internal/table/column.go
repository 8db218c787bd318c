package table

import (
	"encoding/json"
	"slices"
)

// Unset is the Length or Scale of a column that has none.
const Unset = -1

// Generated says how a generated column gets its value; both kinds are in row events.
type Generated string

// The kinds of generated column; the empty string is an ordinary one.
const (
	Virtual Generated = "virtual"
	Stored  Generated = "stored"
)

// Column is one column in the server's canonical form: aliases are resolved
// (INTEGER is INT), implied facts are filled in (CHAR has length 1, ZEROFILL
// is unsigned), and what the server forgets is kept in Declared only.
type Column struct {
	Name string `json:"name"`
	// Type is the upper-case canonical base type, such as BIGINT, DECIMAL or ENUM.
	Type string `json:"type"`
	// Declared is the word used in the statement where SHOW CREATE TABLE loses
	// it (BOOL, REAL, JSON on MariaDB, NCHAR, SERIAL), else empty. Two
	// definitions that differ here only describe the same rows.
	Declared string `json:"declared,omitempty"`
	// Length is characters, bytes, bits, digits, vector entries or fractional
	// digits, as the type has it; of integers only what the server still shows.
	Length int `json:"length"`
	// Scale is given for DECIMAL, and for FLOAT and DOUBLE declared with (M,D).
	Scale         int       `json:"scale"`
	Unsigned      bool      `json:"unsigned,omitempty"`
	Zerofill      bool      `json:"zerofill,omitempty"`
	Nullable      bool      `json:"nullable,omitempty"`
	AutoIncrement bool      `json:"auto_increment,omitempty"`
	Invisible     bool      `json:"invisible,omitempty"`
	Generated     Generated `json:"generated,omitempty"`
	// Charset and Collation are resolved through table and database; empty for
	// types without characters.
	Charset   string `json:"charset,omitempty"`
	Collation string `json:"collation,omitempty"`
	// Values are the labels of ENUM and SET, unquoted.
	Values  []string `json:"values,omitempty"`
	Default *Default `json:"default,omitempty"`
	SRID    *uint32  `json:"srid,omitempty"`
	Comment string   `json:"comment,omitempty"`
	// Compressed is MariaDB's COMPRESSED: the log has values as they are stored.
	Compressed bool `json:"compressed,omitempty"`
	// Period is set where the column holds one end of the period of the rows of
	// a versioned table.
	Period Period `json:"period,omitempty"`
}

// Clone returns a deep copy.
func (c Column) Clone() Column {
	c.Values = slices.Clone(c.Values)
	if c.Default != nil {
		d := *c.Default
		c.Default = &d
	}
	if c.SRID != nil {
		s := *c.SRID
		c.SRID = &s
	}
	return c
}

// plainColumn has Column's fields without its methods.
type plainColumn Column

// storedColumn leaves out lengths that are not given, so that the stored form
// stays compact and zero stays distinct from absent.
type storedColumn struct {
	plainColumn
	Length *int `json:"length,omitempty"`
	Scale  *int `json:"scale,omitempty"`
}

// MarshalJSON gives the stored form used in checkpoints.
func (c Column) MarshalJSON() ([]byte, error) {
	s := storedColumn{plainColumn: plainColumn(c)}
	if c.Length != Unset {
		s.Length = &c.Length
	}
	if c.Scale != Unset {
		s.Scale = &c.Scale
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads the stored form.
func (c *Column) UnmarshalJSON(b []byte) error {
	var s storedColumn
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*c = Column(s.plainColumn)
	c.Length, c.Scale = Unset, Unset
	if s.Length != nil {
		c.Length = *s.Length
	}
	if s.Scale != nil {
		c.Scale = *s.Scale
	}
	return nil
}
