package server

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// labels asks for the labels of an ENUM or SET by their numbers, without a row
// that is read or written.
func (c *Conn) labels(n table.Name, col *table.Column, mariaDB bool) ([]string, error) {
	ask := c.labelsByQuery
	if mariaDB {
		ask = c.labelsByVariable
	}
	out, err := ask(n, col)
	if unknownSyntax(err) { // before MySQL 8.0 and MariaDB 10.3
		out, err = c.labelsByRows(n, col)
	}
	if err != nil {
		return nil, fmt.Errorf("ask for labels: %w", err)
	}
	if len(out) != len(col.Values) {
		return nil, fmt.Errorf("ask for labels: got %d of %d: %w", len(out), len(col.Values), errRestore)
	}
	for i, label := range out {
		if strings.Contains(label, "\ufffd") && col.Charset == "binary" { // another may be the same text
			return nil, fmt.Errorf("label %d: %w: %w", i+1, ErrUnread, table.ErrCharset)
		}
	}
	return out, nil
}

// labelsByQuery uses that a recursive query has columns of the types of its first
// part: numbers that the second part puts there become labels. They are numbered
// as a heap is, so that the query recurs no deeper than the server allows.
func (c *Conn) labelsByQuery(n table.Name, col *table.Column) ([]string, error) {
	const next = "2 * n + step"
	rows, err := c.Ask("WITH RECURSIVE labels (n, label) AS (SELECT 0, t." + Quote(col.Name) +
		" FROM (SELECT 1) one LEFT JOIN " + Quote(n.Database) + "." + Quote(n.Table) + " t ON FALSE" +
		" UNION ALL SELECT " + next + ", " + labelNumber(col, next) + " FROM labels JOIN (SELECT 1 AS step UNION ALL SELECT 2) steps ON " +
		next + " <= " + strconv.Itoa(len(col.Values)) + ") SELECT " + asText(col, "label") + " FROM labels WHERE n > 0 ORDER BY n")
	if err != nil {
		return nil, err
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = valid(r[0])
	}
	return out, nil
}

// labelsByVariable uses that MariaDB has variables of a column's type. Its
// recursive queries cut a SET to eight labels.
func (c *Conn) labelsByVariable(n table.Name, col *table.Column) ([]string, error) {
	column := Quote(n.Database) + "." + Quote(n.Table) + "." + Quote(col.Name)
	err := c.Do("BEGIN NOT ATOMIC DECLARE label TYPE OF " + column + "; DECLARE n INT DEFAULT 1; SET @leat_labels = ''; " +
		"WHILE n <= " + strconv.Itoa(len(col.Values)) + " DO SET label = " + labelNumber(col, "n") +
		"; SET @leat_labels = CONCAT(@leat_labels, HEX(" + asText(col, "label") + "), ','); SET n = n + 1; END WHILE; END")
	if err != nil {
		return nil, err
	}
	answer, err := c.Value("SELECT @leat_labels")
	if err != nil {
		return nil, err
	}
	var out []string
	for digits := range strings.SplitSeq(strings.TrimSuffix(answer, ","), ",") {
		raw, err := hex.DecodeString(digits)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", digits, errRestore)
		}
		out = append(out, valid(string(raw)))
	}
	return out, nil
}

// labelNumber is the value of the n-th label.
func labelNumber(col *table.Column, n string) string {
	if col.Type == "SET" {
		return "1 << (" + n + " - 1)"
	}
	return n
}

// asText has a value sent as UTF-8, whatever the session's character set is.
func asText(col *table.Column, value string) string {
	if col.Charset == "binary" {
		return "CAST(" + value + " AS BINARY)"
	}
	return "CAST(CONVERT(" + value + " USING utf8mb4) AS BINARY)"
}
