package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// dmlTarget finds the table that a statement changes, where one name at the
// expected place says so. It never fails: an empty name means not known.
func (p *parser) dmlTarget(verb string) table.Name {
	for p.hasAny("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK", "IGNORE") {
	}
	switch verb {
	case "INSERT", "REPLACE":
		p.hasAny("INTO")
	case "DELETE":
		if !p.has("FROM") {
			return table.Name{}
		}
	case "UPDATE":
	case "LOAD":
		return p.loadTarget()
	default:
		return table.Name{}
	}
	return p.plainName(verb == "UPDATE" || verb == "DELETE")
}

// plainName reads a name; a list of them, as joins have, is no single target.
func (p *parser) plainName(list bool) table.Name {
	if !p.peek(0).isName() {
		return table.Name{}
	}
	n := p.tableName()
	if list && (p.peek(0).punct(',') || p.peek(0).isAny("JOIN", "INNER", "LEFT", "RIGHT", "CROSS", "NATURAL", "STRAIGHT_JOIN", "USING")) {
		return table.Name{}
	}
	return n
}

// loadTarget looks for INTO TABLE in LOAD DATA.
func (p *parser) loadTarget() table.Name {
	for !p.atEnd() {
		if p.has("INTO", "TABLE") {
			return p.plainName(false)
		}
		p.take()
	}
	return table.Name{}
}
