package unlogged

import (
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Sizes of types that widen into one another.
var (
	integers = map[string]int{"TINYINT": 1, "SMALLINT": 2, "MEDIUMINT": 3, "INT": 4, "BIGINT": 8}
	texts    = map[string]int{"CHAR": 0, "VARCHAR": 1, "TINYTEXT": 2, "TEXT": 3, "MEDIUMTEXT": 4, "LONGTEXT": 5}
	binaries = map[string]int{"VARBINARY": 1, "TINYBLOB": 2, "BLOB": 3, "MEDIUMBLOB": 4, "LONGBLOB": 5}
)

// bends says whether a change of a column may have changed values that were
// there. In strict mode the server refuses the statement rather than bend most
// values, cut text included, but it rounds in any mode.
func bends(was, is *table.Column, strict bool) bool {
	switch {
	case is.Generated != "": // its expression, which no definition has, may be another
		return true
	case is.AutoIncrement && !was.AutoIncrement: // zeros get numbers
		return true
	case was.Nullable && !is.Nullable && (!strict || is.Type == "TIMESTAMP"):
		return true
	case recodes(was, is):
		return true
	}
	return !keepsValues(was, is, strict)
}

func keepsValues(was, is *table.Column, strict bool) bool {
	switch {
	case integers[was.Type] > 0 && integers[is.Type] > 0:
		return strict || keepsInteger(was, is)
	case ranked(texts, was, is):
		return was.Type == is.Type && strict || keepsText(texts, was, is) && (was.Type == "CHAR" || is.Type != "CHAR")
	case ranked(binaries, was, is):
		return was.Type == is.Type && strict || keepsText(binaries, was, is)
	case was.Type != is.Type:
		return false
	}
	switch is.Type {
	case "DECIMAL":
		return was.Unsigned == is.Unsigned && is.Scale >= was.Scale && is.Length-is.Scale >= was.Length-was.Scale ||
			strict && is.Scale >= was.Scale
	case "FLOAT", "DOUBLE":
		return was.Length == is.Length && was.Scale == is.Scale && (was.Unsigned == is.Unsigned || strict)
	case "ENUM":
		return keepsLabels(was.Values, is.Values)
	case "SET": // its labels stand in a value in their own order
		return subsequence(was.Values, is.Values)
	case "TIME", "DATETIME", "TIMESTAMP", "VECTOR":
		return max(is.Length, 0) >= max(was.Length, 0)
	}
	return was.Length == is.Length
}

func keepsInteger(was, is *table.Column) bool {
	from, to := integers[was.Type], integers[is.Type]
	switch {
	case was.Unsigned == is.Unsigned:
		return to >= from
	case is.Unsigned:
		return false
	}
	return to > from
}

func ranked(ranks map[string]int, was, is *table.Column) bool {
	_, a := ranks[was.Type]
	_, b := ranks[is.Type]
	return a && b
}

// keepsText says whether the longer type takes all that the other did. One of a
// declared length fits into a TEXT, whose 64 KiB are the most of a row.
func keepsText(ranks map[string]int, was, is *table.Column) bool {
	const declared = 1 // CHAR and VARCHAR, VARBINARY: the length is that of the column
	from, to := ranks[was.Type], ranks[is.Type]
	switch {
	case from <= declared && to <= declared:
		return is.Length >= was.Length
	case from <= declared:
		return to >= 3
	}
	return to >= from
}

// keepsLabels says whether each label is there: values are carried over by it.
func keepsLabels(was, is []string) bool {
	for _, label := range was {
		if !slices.Contains(is, label) {
			return false
		}
	}
	return true
}

func subsequence(was, is []string) bool {
	for _, label := range is {
		if len(was) > 0 && was[0] == label {
			was = was[1:]
		}
	}
	return len(was) == 0
}

// recodes says whether text was written anew in a character set that may lack
// some of its characters.
func recodes(was, is *table.Column) bool {
	from, to := was.Charset, is.Charset
	if from == to || from == "" || to == "" || from == "ascii" && !strings.HasPrefix(to, "swe7") && to != "binary" {
		return false
	}
	switch to {
	case "utf8mb4", "utf16", "utf16le", "utf32", "gb18030":
		return from == "binary"
	case "utf8mb3", "ucs2":
		switch from {
		case "utf8mb3", "ucs2":
			return false
		}
		if c, ok := table.LookupCharset(from); ok {
			return c.MaxBytes > 3 || from == "binary"
		}
	}
	return true
}
