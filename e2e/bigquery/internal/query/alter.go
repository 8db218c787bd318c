package query

import (
	"fmt"
	"strconv"
	"strings"
)

// Alter is an ALTER TABLE, which changes one of these things.
type Alter struct {
	Table []string
	// Staleness is the max_staleness to set, as tables.get shows it, "" for NULL.
	Staleness *string
	// Column gets the type, by its name in the REST API.
	Column, Type string
	// AddKey are the columns of a new primary key; DropKey takes away the old one.
	AddKey  []string
	DropKey bool
}

func (p *parser) alter() *Alter {
	p.expect("TABLE")
	a := &Alter{Table: p.table()}
	switch {
	case p.accept("SET"):
		p.expect("OPTIONS")
		p.expect("(")
		p.staleness(a)
		p.expect(")")
	case p.accept("ALTER"):
		p.expect("COLUMN")
		a.Column = p.name()
		p.expect("SET")
		p.expect("DATA")
		p.expect("TYPE")
		a.Type = restType(p.name())
	case p.accept("ADD"):
		p.key(a)
	case p.accept("DROP"):
		p.expect("PRIMARY")
		p.expect("KEY")
		a.DropKey = true
	default:
		p.fail("SET, ALTER, ADD or DROP")
	}
	return a
}

// staleness reads the one option that is known.
func (p *parser) staleness(a *Alter) {
	p.expect("max_staleness")
	p.expect("=")
	a.Staleness = new(string)
	if p.accept("NULL") {
		return
	}
	p.expect("INTERVAL")
	n, err := strconv.Atoi(p.tokens[0].text)
	if err != nil || n < 0 {
		p.fail("a number")
		return
	}
	p.advance()
	seconds, ok := map[string]int{"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 24 * 3600}[strings.ToUpper(p.tokens[0].text)]
	if !ok {
		p.fail("SECOND, MINUTE, HOUR or DAY")
		return
	}
	p.advance()
	n *= seconds
	*a.Staleness = fmt.Sprintf("0-0 0 %d:%d:%d", n/3600, n/60%60, n%60)
}

func (p *parser) key(a *Alter) {
	p.expect("PRIMARY")
	p.expect("KEY")
	p.expect("(")
	a.AddKey = append(a.AddKey, p.name())
	for p.accept(",") {
		a.AddKey = append(a.AddKey, p.name())
	}
	p.expect(")")
	p.expect("NOT")
	p.expect("ENFORCED")
}

// restType is the name that the REST API has for a type of SQL.
func restType(sql string) string {
	sql = strings.ToUpper(sql)
	if t, ok := map[string]string{"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD"}[sql]; ok {
		return t
	}
	return sql
}
