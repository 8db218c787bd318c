package server

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var errRestore = errors.New("the server answers otherwise than expected")

// restore puts right what SHOW CREATE TABLE cannot say. Its text is utf8mb3, so
// a character beyond it is a question mark in labels, and in defaults either that
// or the whole default in hexadecimal digits. What may be one is asked for again.
func (c *Conn) restore(t *table.Table, mariaDB bool) error {
	for i := range t.Columns {
		col := &t.Columns[i]
		if !damagedLabels(col) && !damagedDefault(col) {
			continue
		}
		if err := c.restoreColumn(t.ID(), col, mariaDB); err != nil {
			return fmt.Errorf("column %s: %w", col.Name, err)
		}
	}
	return nil
}

func (c *Conn) restoreColumn(n table.Name, col *table.Column, mariaDB bool) error {
	if damagedLabels(col) {
		labels, err := c.labels(n, col, mariaDB)
		if err != nil {
			return err
		}
		col.Values = labels
	}
	if !damagedDefault(col) {
		return nil
	}
	text, err := c.defaultText(n, col)
	if err != nil {
		return err
	}
	col.Default = &table.Default{Kind: table.DefaultText, Text: text}
	return nil
}

// damagedLabels says whether a label may have lost characters.
func damagedLabels(col *table.Column) bool {
	for _, l := range col.Values {
		if damaged(l) {
			return true
		}
	}
	return false
}

// damagedDefault says so of a default; hexadecimal digits are read where the column
// is, but those of an ENUM or SET must be its labels.
func damagedDefault(col *table.Column) bool {
	if col.Charset == "" || col.Default == nil {
		return false
	}
	switch col.Default.Kind {
	case table.DefaultText:
		return damaged(col.Default.Text)
	case table.DefaultHex, table.DefaultBits:
		return len(col.Values) > 0
	}
	return false
}

func damaged(text string) bool {
	return !utf8.ValidString(text) || strings.ContainsAny(text, "?\uFFFD")
}

// valid replaces each byte that is no UTF-8, as is done in rows.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}

// defaultText asks for a default as it is sent to a client, in the character set
// of the session. The pattern of the question is of LIKE, and so takes all columns.
func (c *Conn) defaultText(n table.Name, col *table.Column) (string, error) {
	if err := c.UseDB(n.Database); err != nil {
		return "", fmt.Errorf("ask for default: %w", err)
	}
	fields, err := c.FieldList(n.Table, "%")
	if err != nil {
		return "", fmt.Errorf("ask for default: %w", err)
	}
	for _, f := range fields {
		if string(f.Name) == col.Name {
			return valid(string(f.DefaultValue)), nil
		}
	}
	return "", fmt.Errorf("ask for default: no such column: %w", errRestore)
}
