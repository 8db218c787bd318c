// Package judge compares what two contenders have written, topic by topic: the number and order
// of records, keys and values field by field, headers, tombstones, and the registered schemas
// with every property. Nothing is forgiven but the volatile fields that volatile.txt lists, and
// what a row of docs/differences.md explains.
//
// Start reading at Compare; a Rule says when a difference is explained.
package judge

import (
	"maps"
	"slices"

	"github.com/leat-io/leat/e2e/differential/internal/topics"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// Part says what of a topic differs.
type Part string

// The parts.
const (
	Records     Part = "records"
	Key         Part = "key"
	Value       Part = "value"
	Headers     Part = "header"
	KeySchema   Part = "key schema"
	ValueSchema Part = "value schema"
	Versions    Part = "versions"
)

// The phases in which a record is made.
const (
	Snapshot = "snapshot"
	Stream   = "stream"
)

// Difference is one thing in which the contenders differ. Where it concerns a column, it is the
// column as a whole.
type Difference struct {
	Topic string
	Part  Part
	// Phase is Snapshot or Stream; empty where it concerns no record.
	Phase string
	// Record describes the record; empty where it concerns none.
	Record string
	// Path is where, as in after.doc; Column is the column's name if it is one.
	Path, Column string
	// Debezium and Leat are what they have there: values, or parts of schemas.
	Debezium, Leat any
	// DebeziumField and LeatField are the column's field in the schemas of a value.
	DebeziumField, LeatField any
	// InKey says that the column is part of leat's key.
	InKey bool
	// Rule is the row of the table that explains it, empty if none does.
	Rule string
}

// Judge has what may differ.
type Judge struct {
	Volatile Volatile
	Rules    []Rule
}

// Compare returns all differences, explained ones among them, in the order of topics. Rules that
// hold only for cases which name them are given by name.
func (j *Judge) Compare(debezium, leat topics.Side, named ...string) []Difference {
	c := &comparison{judge: j, named: named, seen: map[[2]any]bool{}}
	names := maps.Clone(debezium)
	maps.Copy(names, leat)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		c.topic = name
		d, l := debezium[name], leat[name]
		if d == nil || l == nil {
			c.missingTopic(d, l)
			continue
		}
		c.records(d.Records, l.Records)
		c.versions(KeySchema, d.Keys, l.Keys)
		c.versions(ValueSchema, d.Values, l.Values)
	}
	return c.found
}

// comparison gathers differences.
type comparison struct {
	judge *Judge
	named []string
	found []Difference
	topic string
	// seen has the pairs of schemas already compared.
	seen map[[2]any]bool
}

// report keeps a difference unless it is volatile, and finds the rule that explains it.
func (c *comparison) report(d Difference) {
	if c.judge.Volatile.Has(d) {
		return
	}
	d.Topic = c.topic
	for _, rule := range c.judge.Rules {
		if rule.Explains == nil || rule.Named && !slices.Contains(c.named, rule.Name) {
			continue
		}
		if rule.Explains(d) {
			d.Rule = rule.Name
			break
		}
	}
	c.found = append(c.found, d)
}

func (c *comparison) missingTopic(d, l *topics.Topic) {
	count := func(t *topics.Topic) any {
		if t == nil {
			return tree.Absent{}
		}
		return int64(len(t.Records))
	}
	c.report(Difference{Part: Records, Path: "topic", Debezium: count(d), Leat: count(l)})
}
