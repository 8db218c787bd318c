// Package generate makes cases at random, by a seed: tables, changes of tables, and transactions;
// and cuts a case that fails down to the statements that make it fail.
//
// Start reading at Round and Shrink.
package generate

import (
	"fmt"
	"math/rand/v2"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

// Round returns the case of a seed and a number, always the same.
func Round(seed, number uint64) *sqlcase.Case {
	r := rand.New(rand.NewPCG(seed, number))
	g := &generator{r: r, all: kinds()}
	name := fmt.Sprintf("random-%d-%d", seed, number)
	c := &sqlcase.Case{Name: name, Database: fmt.Sprintf("random_%d_%d", seed, number), Lenient: true}
	// Values that do not fit are cut, so that most statements succeed.
	const mode = "SET sql_mode = 'NO_ENGINE_SUBSTITUTION'"
	c.Before, c.Stream = []string{mode}, []string{mode}
	for range 1 + r.IntN(3) {
		c.Before = append(c.Before, g.createTable())
	}
	for range 1 + r.IntN(6) {
		c.Before = append(c.Before, g.table().insert(r))
	}
	for range 10 + r.IntN(25) {
		c.Stream = append(c.Stream, g.statement())
	}
	if g.open {
		c.Stream = append(c.Stream, "COMMIT")
	}
	return c
}

// generator has the tables as they are believed to be.
type generator struct {
	r      *rand.Rand
	all    []kind
	tables []*table
	made   int
	open   bool // a transaction is
}

func (g *generator) table() *table { return g.tables[g.r.IntN(len(g.tables))] }

func (g *generator) createTable() string {
	g.made++
	t := newTable(g.r, fmt.Sprintf("t%d", g.made), g.all)
	g.tables = append(g.tables, t)
	return t.create(g.r)
}

func (g *generator) statement() string {
	t := g.table()
	switch n := g.r.IntN(40); {
	case n < 14:
		return t.insert(g.r)
	case n < 20:
		return t.update(g.r)
	case n < 24:
		return t.remove1(g.r)
	case n < 28:
		return g.transaction()
	case n < 37:
		g.open = false // a definition commits
		return t.alter(g.r, g.all)
	}
	g.open = false
	return g.definition(t)
}

func (g *generator) transaction() string {
	if !g.open {
		g.open = true
		return "START TRANSACTION"
	}
	g.open = false
	return pick("COMMIT", "COMMIT", "ROLLBACK")(g.r)
}

// definition changes which tables there are.
func (g *generator) definition(t *table) string {
	switch g.r.IntN(4) {
	case 0:
		g.made++
		old := t.name
		t.name = fmt.Sprintf("t%d", g.made)
		return fmt.Sprintf(pick("RENAME TABLE %s TO %s", "ALTER TABLE %s RENAME TO %s")(g.r), old, t.name)
	case 1:
		return "TRUNCATE TABLE " + t.name
	case 2:
		return fmt.Sprintf("CREATE INDEX i%d ON %s (id)", g.r.IntN(1000), t.name)
	}
	return g.createTable()
}
