package ddl

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Parse reads the statements of one QUERY event, nearly always one. A
// statement whose text may hold others (a procedure's body, rows of an INSERT)
// takes all the rest and is not read beyond its first words.
func Parse(sql string, mode Mode) ([]Statement, error) {
	p := newParser(sql, mode)
	var out []Statement
	for {
		for p.hasPunct(';') {
		}
		if p.err == nil && p.peek(0).kind == tokenEOF && p.err == nil {
			return out, nil
		}
		s := p.statement()
		if p.err != nil {
			return nil, p.err
		}
		out = append(out, s)
		if swallowsRest(s) {
			return out, nil
		}
		if !p.atEnd() {
			p.fail("unexpected text behind the statement")
			return nil, p.err
		}
	}
}

func swallowsRest(s Statement) bool { return s.Class() == Irrelevant || s.Class() == DML }

// ParseTable reads the output of SHOW CREATE TABLE. The statement names the
// table without its database, and the database's defaults do not matter
// because the server spells out the table's own. It must be asked for in a
// session with show_gipk_in_create_table_and_information_schema=ON.
func ParseTable(database, sql string, mode Mode) (*table.Table, error) {
	mode.Database = database
	mode.shown = true
	mode.ImplicitTimestamps = false
	mode.NoBackslashEscapes = false // the server escapes here in every mode
	statements, err := Parse(sql, mode)
	if err != nil {
		return nil, err
	}
	if len(statements) != 1 {
		return nil, fmt.Errorf("read table definition: expected one statement, found %d", len(statements))
	}
	s, ok := statements[0].(*CreateTable)
	if !ok || s.Like != nil || s.Select {
		return nil, errors.New("read table definition: not a plain CREATE TABLE")
	}
	return s.build(mode, Database{Charset: "utf8mb4"})
}
