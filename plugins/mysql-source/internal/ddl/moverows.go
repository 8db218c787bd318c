package ddl

import (
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// RowMove says how a clause moves or removes rows that no row event tells of.
type RowMove string

// The moves. REORGANIZE, COALESCE, REBUILD, ADD PARTITION and the like keep
// every row, and make no MoveRows.
const (
	ExchangePartition RowMove = "EXCHANGE PARTITION"
	TruncatePartition RowMove = "TRUNCATE PARTITION"
	DropPartition     RowMove = "DROP PARTITION"
	// PartitionBy fails where a row fits no partition, unless IGNORE is said.
	PartitionBy RowMove = "PARTITION BY"
	// DiscardTablespace and ImportTablespace are of the table or of a partition.
	DiscardTablespace RowMove = "DISCARD TABLESPACE"
	ImportTablespace  RowMove = "IMPORT TABLESPACE"
	// PartitionToTable and TableToPartition are MariaDB's CONVERT.
	PartitionToTable RowMove = "CONVERT PARTITION TO TABLE"
	TableToPartition RowMove = "CONVERT TABLE TO PARTITION"
	// Blackhole is the storage engine that keeps no rows.
	Blackhole RowMove = "ENGINE=BLACKHOLE"
)

// MoveRows is a clause that leaves columns and keys as they are, but not the rows.
type MoveRows struct {
	Kind RowMove
	// With is the other table, if there is one.
	With *table.Name
}

func (*MoveRows) action() {}

// rowMoves are the clauses by their first word.
var rowMoves = map[string]RowMove{
	"EXCHANGE": ExchangePartition, "TRUNCATE": TruncatePartition, "PARTITION": PartitionBy,
	"DISCARD": DiscardTablespace, "IMPORT": ImportTablespace,
}

// partitionClause reads a clause that takes the rest of the statement.
func (p *parser) partitionClause(s *AlterTable, word string) {
	kind, moves := rowMoves[word]
	if !moves {
		p.skipStatement()
		return
	}
	m := &MoveRows{Kind: kind}
	for kind == ExchangePartition && !p.atEnd() {
		if p.has("WITH", "TABLE") {
			n := p.tableName()
			m.With = &n
			break
		}
		p.take()
	}
	s.add(m)
	p.skipStatement()
}

// convertPartition reads MariaDB's CONVERT PARTITION p TO TABLE t, and CONVERT
// TABLE t TO PARTITION p ….
func (p *parser) convertPartition(s *AlterTable) {
	m := &MoveRows{Kind: TableToPartition}
	if p.hasAny("PARTITION") {
		m.Kind = PartitionToTable
		p.ident("a partition name")
		if !p.has("TO", "TABLE") {
			p.fail("expected TO TABLE")
			return
		}
	} else {
		p.take()
	}
	n := p.tableName()
	m.With = &n
	s.add(m)
	p.skipStatement()
}

// engine looks at the value of ENGINE, without taking it.
func (p *parser) engine(s *AlterTable, word string) {
	if word != "ENGINE" && word != "TYPE" {
		return
	}
	value := p.peek(1)
	if value.punct('=') {
		value = p.peek(2)
	}
	if strings.EqualFold(value.text, "BLACKHOLE") {
		s.add(&MoveRows{Kind: Blackhole})
	}
}

// convertPartitions makes a table of a partition, or the reverse. t is the
// definition of the partitioned table, nil if it is not known.
func (c *Catalog) convertPartitions(s *AlterTable, t *table.Table) []Change {
	var out []Change
	for _, a := range s.Actions {
		m, ok := a.(*MoveRows)
		if !ok || m.With == nil {
			continue
		}
		switch m.Kind {
		case TableToPartition:
			out = append(out, c.dropTables([]table.Name{*m.With})...)
		case PartitionToTable:
			n := c.fold(*m.With)
			if !c.keeps(n) {
				continue
			}
			var made *table.Table
			if t != nil {
				made = t.Clone()
			}
			c.set(n, made)
			out = append(out, Change{Op: Created, Name: n, Table: made})
		}
	}
	return out
}
