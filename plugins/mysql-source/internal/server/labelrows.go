package server

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func unknownSyntax(err error) bool {
	var my *mysql.MyError
	return errors.As(err, &my) && my.Code == mysql.ER_PARSE_ERROR
}

// labelsByRows takes labels from the rows that have them, for servers that have no
// other way. Those that no row has stay as the server prints them.
func (c *Conn) labelsByRows(n table.Name, col *table.Column) ([]string, error) {
	name := Quote(col.Name)
	rows, err := c.Ask("SELECT DISTINCT CAST(" + name + " AS UNSIGNED), " + asText(col, name) +
		" FROM " + Quote(n.Database) + "." + Quote(n.Table) + " WHERE " + name + " IS NOT NULL")
	if err != nil {
		return nil, err
	}
	out := slices.Clone(col.Values)
	for _, r := range rows {
		number, err := strconv.ParseUint(r[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", r[0], errRestore)
		}
		if err := placeLabels(out, col.Type, number, valid(r[1])); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// placeLabels puts the labels of one value where its number says. Those of a SET
// stand in the order of their bits, and have no commas.
func placeLabels(labels []string, typ string, number uint64, text string) error {
	if number == 0 {
		return nil
	}
	if typ == "ENUM" {
		if number > uint64(len(labels)) {
			return fmt.Errorf("label %d of %d: %w", number, len(labels), errRestore)
		}
		labels[number-1] = text
		return nil
	}
	for label := range strings.SplitSeq(text, ",") {
		i := bits.TrailingZeros64(number)
		if i >= len(labels) {
			return fmt.Errorf("labels %q of %d: %w", text, len(labels), errRestore)
		}
		labels[i] = label
		number &= number - 1
	}
	return nil
}
