package table

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-mysql-org/go-mysql/replication"
)

// ErrMismatch means that a row event was written with another definition than
// the one at hand; no row may be decoded with it.
var ErrMismatch = errors.New("the definition does not fit the event")

// Check proves as far as the event tells that t is the definition its rows were
// written with, and names the first difference. An event always tells number,
// types and sizes of columns; with binlog_row_metadata=FULL also names, labels,
// character sets and the primary key.
func Check(t *Table, m *replication.TableMapEvent) error {
	t = t.logged(m)
	if len(t.Columns) != int(m.ColumnCount) {
		return fmt.Errorf("table %s: %w: %d columns defined, %d in the event", t.ID(), ErrMismatch, len(t.Columns), m.ColumnCount)
	}
	for _, check := range []func(*Table, *replication.TableMapEvent) error{
		checkTypes, checkNullable, checkSigns, checkNames, checkLabels, checkCharsets, checkVisibility, checkKey,
	} {
		if err := check(t, m); err != nil {
			return fmt.Errorf("table %s: %w", t.ID(), err)
		}
	}
	return nil
}

// differ words a difference in one column.
func differ(t *Table, i int, what string, defined, event any) error {
	return fmt.Errorf("%w: column %d %q: %s defined %v, in the event %v", ErrMismatch, i+1, t.Columns[i].Name, what, defined, event)
}

func checkTypes(t *Table, m *replication.TableMapEvent) error {
	for i := range t.Columns {
		f, ok := wire(&t.Columns[i])
		if !ok {
			continue
		}
		if f.other != nil && m.ColumnType[i] == f.other.code {
			f = *f.other
		}
		if m.ColumnType[i] != f.code && (f.old == 0 || m.ColumnType[i] != f.old) {
			return differ(t, i, "type", describe(&t.Columns[i]), wireName(m.ColumnType[i], m.ColumnMeta[i]))
		}
		if m.ColumnType[i] == f.code && f.checkMeta && m.ColumnMeta[i] != f.meta {
			return differ(t, i, "size", describe(&t.Columns[i]), wireName(m.ColumnType[i], m.ColumnMeta[i]))
		}
	}
	return nil
}

func checkNullable(t *Table, m *replication.TableMapEvent) error {
	for i := range t.Columns {
		if known, nullable := m.Nullable(i); known && nullable != t.Columns[i].Nullable {
			return differ(t, i, "nullable", t.Columns[i].Nullable, nullable)
		}
	}
	return nil
}

func checkSigns(t *Table, m *replication.TableMapEvent) error {
	unsigned := m.UnsignedMap()
	for i := range t.Columns {
		// YEAR is unsigned to the server without being declared so.
		if u, ok := unsigned[i]; ok && t.Columns[i].Type != "YEAR" && u != t.Columns[i].Unsigned {
			return differ(t, i, "unsigned", t.Columns[i].Unsigned, u)
		}
	}
	return nil
}

func checkNames(t *Table, m *replication.TableMapEvent) error {
	for i, name := range m.ColumnName {
		if string(name) != t.Columns[i].Name {
			return differ(t, i, "name", t.Columns[i].Name, string(name))
		}
	}
	return nil
}

// checkLabels compares ENUM and SET labels. The event has them in the column's
// character set, so only those that are plain ASCII can be compared byte by byte.
func checkLabels(t *Table, m *replication.TableMapEvent) error {
	enum, set := m.EnumStrValueMap(), m.SetStrValueMap()
	for i := range t.Columns {
		labels := slices.Concat(enum[i], set[i])
		if labels == nil {
			continue
		}
		if len(labels) != len(t.Columns[i].Values) {
			return differ(t, i, "labels", len(t.Columns[i].Values), len(labels))
		}
		for n, label := range labels {
			if want := t.Columns[i].Values[n]; plain(want, label) && want != label {
				return differ(t, i, fmt.Sprintf("label %d", n+1), want, label)
			}
		}
	}
	return nil
}

func plain(a, b string) bool { return isASCII(a) && isASCII(b) }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == 0 {
			return false
		}
	}
	return true
}

func checkVisibility(t *Table, m *replication.TableMapEvent) error {
	visible := m.VisibilityMap()
	for i := range t.Columns {
		if v, ok := visible[i]; ok && v == t.Columns[i].Invisible {
			return differ(t, i, "invisible", t.Columns[i].Invisible, !v)
		}
	}
	return nil
}

// checkKey compares the primary key where the event names one.
func checkKey(t *Table, m *replication.TableMapEvent) error {
	if len(m.PrimaryKey) == 0 {
		return nil
	}
	key := make([]int, len(m.PrimaryKey))
	for i, n := range m.PrimaryKey {
		key[i] = int(n)
	}
	if !slices.Equal(key, t.Key) {
		return fmt.Errorf("%w: primary key: columns %v defined, %v in the event", ErrMismatch, t.Key, key)
	}
	return nil
}
