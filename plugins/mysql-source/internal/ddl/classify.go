package ddl

import "strings"

// irrelevant holds the first words of statements that change neither rows nor
// definitions. A word that is in no list is an error: a new kind of statement
// is to be looked at, not skipped.
var irrelevant = wordSet(`ANALYZE BINLOG CACHE CALL CHANGE CHECK CHECKSUM CLONE DEALLOCATE DECLARE DESC
	DESCRIBE DO EXECUTE EXPLAIN FLUSH GET GRANT HANDLER HELP IMPORT INSTALL KILL LOCK OPTIMIZE PREPARE
	PURGE REPAIR RESET RESIGNAL RESTART REVOKE SELECT SET SHOW SHUTDOWN SIGNAL STOP TABLE UNINSTALL
	UNLOCK USE VALUES BACKUP`)

var dml = wordSet(`INSERT REPLACE UPDATE DELETE LOAD WITH`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

func (p *parser) statement() Statement {
	first := p.peek(0)
	if first.punct('(') { // a query in brackets
		return &Other{Kind: Irrelevant, Verb: "SELECT"}
	}
	if first.kind != tokenWord {
		p.fail("expected a statement")
		return nil
	}
	verb := strings.ToUpper(p.take().text)
	switch verb {
	case "CREATE":
		return p.create()
	case "ALTER":
		return p.alter()
	case "DROP":
		return p.drop()
	case "RENAME":
		return p.rename()
	case "TRUNCATE":
		return p.truncate()
	case "XA":
		return p.rest(XA, "XA "+strings.ToUpper(p.peek(0).text))
	}
	if s := p.transaction(verb); s != nil {
		return s
	}
	switch {
	case dml[verb]:
		return &Other{Kind: DML, Verb: verb, Table: p.dmlTarget(verb)}
	case irrelevant[verb]:
		return &Other{Kind: Irrelevant, Verb: verb}
	}
	p.err = syntaxError(first.start, "statement of an unknown kind")
	return nil
}

// transaction reads what delimits transactions; nil for anything else.
func (p *parser) transaction(verb string) Statement {
	switch verb {
	case "BEGIN":
		return p.rest(Begin, verb)
	case "START":
		if p.has("TRANSACTION") {
			return p.rest(Begin, verb)
		}
		return &Other{Kind: Irrelevant, Verb: verb}
	case "COMMIT":
		return p.rest(Commit, verb)
	case "ROLLBACK":
		p.hasAny("WORK")
		if p.has("TO") {
			return p.rest(RollbackTo, verb)
		}
		return p.rest(Rollback, verb)
	case "SAVEPOINT", "RELEASE":
		return p.rest(Savepoint, verb)
	}
	return nil
}

// rest takes the statement's remaining tokens.
func (p *parser) rest(kind Class, verb string) Statement {
	for !p.atEnd() {
		p.take()
	}
	return &Other{Kind: kind, Verb: verb}
}
