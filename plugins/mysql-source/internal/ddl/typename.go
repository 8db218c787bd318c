package ddl

import "strings"

// typeName reads the name of a type. MariaDB's sql_mode ORACLE and MAXDB give
// some another meaning, and a schema in front of one says whose meaning it is.
func (p *parser) typeName() string {
	word := strings.ToUpper(p.ident("a data type"))
	oracle := p.lex.mode.Oracle
	if p.lex.mode.MariaDB && p.hasPunct('.') {
		switch word {
		case "MARIADB_SCHEMA":
			oracle = false
		case "ORACLE_SCHEMA":
			oracle = true
		case "MAXDB_SCHEMA":
		default:
			p.fail("unknown schema %s of a data type", word)
		}
		maxDB := word == "MAXDB_SCHEMA"
		word = strings.ToUpper(p.ident("a data type"))
		if maxDB && word == "TIMESTAMP" {
			return "DATETIME"
		}
	} else if p.lex.mode.MaxDB && word == "TIMESTAMP" {
		return "DATETIME"
	}
	switch {
	case oracle && word == "DATE":
		return "DATETIME"
	case oracle && word == "BLOB":
		return "LONGBLOB"
	}
	return word
}
