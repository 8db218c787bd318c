//go:build e2e

package ddl_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var (
	seed  = flag.Uint64("seed", 0, "seed of the random statements; 0 takes the time")
	count = flag.Int("statements", 600, "number of random statements")
)

// TestServerAgreesOnRandomStatements writes statements at random, most of which
// the server takes, and compares after each that it took.
func TestServerAgreesOnRandomStatements(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("run again with -seed %d", *seed)
	j := newJudge(t, "leat_ddl_random")
	j.loose = true
	w := &writer{Rand: rand.New(rand.NewPCG(*seed, 0)), judge: j}
	accepted := 0
	for range *count {
		sql := w.statement()
		if err := j.run(sql); err != nil {
			continue
		}
		accepted++
		if !j.compare(sql) {
			t.FailNow()
		}
	}
	t.Logf("the server took %d of %d statements", accepted, *count)
	if accepted < *count/8 {
		t.Errorf("the server took %d of %d statements, want an eighth", accepted, *count)
	}
}

// writer writes random statements over few names, so that they meet.
type writer struct {
	*rand.Rand
	judge *judge
	def   *table.Table // of the table that the statement is about
}

func (w *writer) one(of ...string) string { return of[w.IntN(len(of))] }
func (w *writer) maybe(s string) string   { return w.one("", "", s) }
func (w *writer) newColumn() string {
	return w.one("c0", "c1", "C2", "c3", "`c 4`", "c5", "`c``6`", "ü7")
}
func (w *writer) newIndex() string         { return w.one("i0", "I1", "c0", "c1_2") }
func (w *writer) size(from, to int) string { return fmt.Sprintf("(%d)", from+w.IntN(to-from+1)) }

func (w *writer) table() string {
	name := w.one("t0", "t1", "T 2", "t3")
	w.def = w.judge.catalog.Table(table.Name{Database: w.judge.mode.Database, Table: name})
	return quote(name)
}

func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// column mostly names one that is there.
func (w *writer) column() string {
	if w.def == nil || w.IntN(8) == 0 {
		return w.newColumn()
	}
	return quote(w.def.Columns[w.IntN(len(w.def.Columns))].Name)
}

// index mostly names one that is there.
func (w *writer) index() string {
	if w.def == nil || len(w.def.Indexes) == 0 || w.IntN(8) == 0 {
		return w.newIndex()
	}
	return quote(w.def.Indexes[w.IntN(len(w.def.Indexes))].Name)
}

func (w *writer) statement() string {
	switch w.IntN(12) {
	case 0, 1:
		name := w.table()
		w.def = nil
		return "CREATE TABLE " + w.maybe("IF NOT EXISTS ") + name + " (" + w.elements() + ")" + w.options()
	case 2:
		return w.one("DROP TABLE IF EXISTS "+w.table()+", nosuch", "RENAME TABLE "+w.table()+" TO "+w.table(),
			"CREATE TABLE "+w.table()+" LIKE "+w.table(), "TRUNCATE "+w.table())
	case 3:
		return "CREATE " + w.maybe("UNIQUE ") + "INDEX " + w.index() + " ON " + w.table() + w.parts()
	}
	name := w.table()
	clauses := make([]string, 1+w.IntN(2)*w.IntN(4))
	for i := range clauses {
		clauses[i] = w.clause()
	}
	if convertsChanged(clauses) {
		return w.statement()
	}
	return "ALTER TABLE " + name + " " + strings.Join(clauses, ", ")
}

// convertsChanged reports whether a column is changed and converted at once. The
// server then sizes a TEXT by the old column, which is not followed: the length
// bytes in the next event tell.
func convertsChanged(clauses []string) bool {
	all := strings.Join(clauses, " ")
	return strings.Contains(all, "CONVERT TO") && (strings.Contains(all, "MODIFY ") || strings.Contains(all, "CHANGE "))
}

func (w *writer) elements() string {
	var out []string
	names := []string{"c0", "c1", "C2", "c3", "`c 4`", "c5", "`c``6`", "ü7"}
	for _, i := range w.Perm(len(names))[:1+w.IntN(6)] {
		out = append(out, names[i]+" "+w.field())
	}
	for range w.IntN(3) {
		out = append(out, w.constraint())
	}
	return strings.Join(out, ", ")
}

func (w *writer) options() string {
	return w.one("", "", " CHARSET=latin1", " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", " COLLATE gbk_bin COMMENT 'x'")
}

func (w *writer) constraint() string {
	return w.one("PRIMARY KEY", "UNIQUE", "UNIQUE KEY "+w.newIndex(), "INDEX", "KEY "+w.newIndex(),
		"CONSTRAINT "+w.newIndex()+" UNIQUE", "CONSTRAINT UNIQUE INDEX "+w.newIndex()) + w.parts()
}

func (w *writer) parts() string {
	var out []string
	for range 1 + w.IntN(2) {
		out = append(out, w.one(w.column(), w.column(), w.column()+w.size(1, 4), w.column()+" DESC", "((1+1))"))
	}
	return " (" + strings.Join(out, ",") + ")"
}

func (w *writer) place() string {
	return w.one("", "", "", " FIRST", " AFTER "+w.column())
}

func (w *writer) clause() string {
	switch w.IntN(16) {
	case 0, 1, 2:
		return "ADD " + w.maybe("COLUMN ") + w.newColumn() + " " + w.field() + w.place()
	case 3:
		return "ADD COLUMN (" + w.newColumn() + " " + w.field() + ", " + w.newColumn() + " " + w.field() + ")"
	case 4:
		return "DROP " + w.maybe("COLUMN ") + w.column()
	case 5, 6:
		return "MODIFY " + w.column() + " " + w.field() + w.place()
	case 7:
		return "CHANGE " + w.column() + " " + w.newColumn() + " " + w.field() + w.place()
	case 8:
		return "RENAME COLUMN " + w.column() + " TO " + w.newColumn()
	case 9, 10:
		return "ADD " + w.constraint()
	case 11:
		return w.one("DROP PRIMARY KEY", "DROP INDEX "+w.index(), "DROP KEY "+w.column(), "RENAME INDEX "+w.index()+" TO "+w.newIndex())
	case 12:
		return "ALTER COLUMN " + w.column() + w.one(" DROP DEFAULT", " SET INVISIBLE", " SET VISIBLE", " SET DEFAULT "+w.literal(), " SET DEFAULT (1)")
	case 13:
		return "CONVERT TO CHARACTER SET " + w.one("utf8mb4", "latin1", "utf8mb3 COLLATE utf8mb3_bin")
	case 14:
		return w.one("CHARSET latin1", "DEFAULT CHARACTER SET = utf8mb4", "COMMENT = 'c'", "ENGINE=InnoDB", "FORCE")
	}
	return "RENAME TO " + w.table()
}

func (w *writer) field() string {
	typ := w.dataType()
	out := typ
	if w.IntN(3) == 0 {
		out += " DEFAULT " + w.literalOf(typ)
	}
	for range w.IntN(3) {
		out += " " + w.one("NOT NULL", "NULL", "NOT NULL", "COMMENT 'it''s'", "INVISIBLE", "UNIQUE", "PRIMARY KEY",
			"AUTO_INCREMENT UNIQUE", "CHECK (1)")
	}
	return out
}

// literalOf gives a literal that a column of the type may take.
func (w *writer) literalOf(typ string) string {
	word, _, _ := strings.Cut(strings.ReplaceAll(typ, " ", "("), "(")
	switch word {
	case "DATE", "DATETIME", "TIMESTAMP":
		return w.one("NULL", "'2020-01-02'", "'2020-1-2 3:4:5.678'", "20200102", "'2021-12-31 23:59:59.999999'", "CURRENT_TIMESTAMP", "NOW(3)")
	case "TIME":
		return w.one("'11:12'", "'-838:59:59'", "101112", "'1 2:3:4.5'", "'12'", "'00:00:59.9999'", "'-0:0:0.1'")
	case "YEAR":
		return w.one("2020", "'0'", "0", "'70'", "69", "'1999'")
	case "ENUM", "SET":
		return w.one("NULL", "'a'", "'b '", "'B'", "'q'", "'a,b'", "'b,a'", "''")
	case "CHAR", "VARCHAR", "NCHAR", "TEXT", "TINYTEXT":
		return w.one("NULL", "1", "1.50", "-.5", "1e2", "'a'", "'B '", "x'41'", "b'1000001'", "TRUE", "''", "_latin1'q'", "N'n'", "'a' 'b'", "007", "'é'", "(1)")
	case "BIT":
		return w.one("1", "b'1'", "b'0'", "x'01'", "TRUE", "0")
	case "BINARY", "VARBINARY":
		return w.one("'a'", "x'41'", "x'ff00'", "'a '", "1", "''")
	}
	return w.one("NULL", "1", "-2", "0", "'7'", "1.55", "x'41'", "b'101'", "TRUE", "1e2", "' 8 '", "2.5", "-2.5", "'3.49'", "+4", ".5", "1.", "-0", "0005", "(1)")
}

func (w *writer) literal() string {
	return w.one("NULL", "1", "'7'", "1.55", "'2020-01-02'", "'a'", "'B '", "x'41'", "b'101'", "TRUE", "1e2", "''")
}

func (w *writer) dataType() string {
	switch w.IntN(8) {
	case 0, 1:
		return w.one("TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "BIGINT", "BOOL", "TINYINT(1)", "INT(5)") + w.one("", "", " UNSIGNED", " ZEROFILL", " SIGNED")
	case 2:
		return w.one("DECIMAL", "NUMERIC(5)", "DEC(6,2)", "FLOAT", "FLOAT(20)", "FLOAT(30)", "DOUBLE", "DOUBLE PRECISION", "REAL(6,2)", "FIXED(4,1)") + w.maybe(" UNSIGNED")
	case 3:
		return w.one("DATE", "YEAR", "JSON", "DATETIME", "TIMESTAMP", "TIME", "DATETIME(3)", "TIMESTAMP(6)", "TIME(2)", "GEOMETRY", "POINT SRID 4326", "VECTOR(4)")
	case 4:
		return w.one("BIT", "BIT(9)", "BINARY", "BINARY(5)", "VARBINARY(7)", "BLOB", "TINYBLOB", "LONGBLOB", "BLOB(300)")
	case 5:
		return w.one("ENUM('a','b','q')", "SET('a','b')", "ENUM('B','a,b') CHARSET latin1", "SET('a','b') BINARY")
	}
	return w.one("CHAR", "CHAR"+w.size(0, 9), "VARCHAR"+w.size(1, 60), "TEXT", "TINYTEXT", "MEDIUMTEXT", "TEXT(90)", "NCHAR(3)", "VARCHAR(5) BYTE") +
		w.one("", "", " CHARACTER SET latin1", " COLLATE utf8mb4_bin", " BINARY", " CHARSET binary", " ASCII")
}
