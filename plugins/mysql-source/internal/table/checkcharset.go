package table

import (
	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
)

// checkCharsets compares the character sets, on which decoding hangs; byte
// strings stand in the event as characters of the binary set.
func checkCharsets(t *Table, m *replication.TableMapEvent) error {
	character := func(i int) bool { return isCharacter(m, i) }
	if err := checkCollations(t, character, m.DefaultCharset, m.ColumnCharset); err != nil {
		return err
	}
	return checkCollations(t, m.IsEnumOrSetColumn, m.EnumSetDefaultCharset, m.EnumSetColumnCharset)
}

// isCharacter reports whether the event counts a column among the characters.
// The server counts VECTOR and MariaDB's COMPRESSED columns in, which go-mysql's
// own maps leave out.
func isCharacter(m *replication.TableMapEvent, i int) bool {
	switch m.ColumnType[i] {
	case mysql.MYSQL_TYPE_VECTOR, TypeBlobCompressed, TypeVarcharCompressed:
		return true
	}
	return m.IsCharacterColumn(i) && !m.IsEnumOrSetColumn(i)
}

// checkCollations compares one group of columns with the collations that the
// event lists for it: a default with exceptions by number within the group, or
// one for each column.
func checkCollations(t *Table, member func(int) bool, defaults, each []uint64) error {
	if len(defaults) == 0 && len(each) == 0 {
		return nil
	}
	n := 0
	for i := range t.Columns {
		if !member(i) {
			continue
		}
		if id, ok := listed(n, defaults, each); ok {
			if err := checkCharset(t, i, id); err != nil {
				return err
			}
		}
		n++
	}
	return nil
}

// listed finds the collation of the n-th column of a group.
func listed(n int, defaults, each []uint64) (uint64, bool) {
	if len(defaults) > 0 {
		for i := 1; i+1 < len(defaults); i += 2 {
			if defaults[i] == uint64(n) {
				return defaults[i+1], true
			}
		}
		return defaults[0], true
	}
	if n < len(each) {
		return each[n], true
	}
	return 0, false
}

func checkCharset(t *Table, i int, id uint64) error {
	c := &t.Columns[i]
	got, ok := CollationIDCharset(id)
	if _, known := wire(c); !ok || !known {
		return nil
	}
	want := c.Charset
	if want == "" {
		want = "binary"
	}
	if got != want {
		return differ(t, i, "character set", want, got)
	}
	return nil
}
