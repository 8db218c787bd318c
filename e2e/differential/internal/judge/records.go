package judge

import (
	"fmt"
	"maps"
	"slices"

	"github.com/leat-io/leat/e2e/differential/internal/topics"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// entry is a record with what is needed to place and to show it.
type entry struct {
	*topics.Record
	number int
	key    string
	phase  string
	op     string
}

func entries(records []*topics.Record) []entry {
	out := make([]entry, len(records))
	for i, r := range records {
		op, _ := tree.Get(r.Value, "op").(string)
		e := entry{Record: r, number: i + 1, key: tree.Text(r.Key), phase: Stream, op: op}
		switch op {
		case "":
			e.op = "tombstone"
		case "r":
			e.phase = Snapshot
		}
		out[i] = e
	}
	return out
}

func (e entry) String() string {
	return fmt.Sprintf("record %d, key %s, op %s, %s", e.number, e.key, e.op, e.phase)
}

// records pairs the records of both sides by key, or by place where the keys themselves differ,
// and compares each pair.
func (c *comparison) records(debezium, leat []*topics.Record) {
	for _, phase := range []string{Snapshot, Stream} {
		d, l := of(phase, entries(debezium)), of(phase, entries(leat))
		switch {
		case sameKeys(d, l):
			c.order(phase, d, l)
			c.byKey(phase, d, l)
		case len(d) == len(l):
			for i := range d {
				c.record(d[i], l[i])
			}
		default:
			c.missing(phase, d, l)
		}
	}
}

func of(phase string, all []entry) []entry {
	return slices.DeleteFunc(all, func(e entry) bool { return e.phase != phase })
}

func groups(all []entry) map[string][]entry {
	out := map[string][]entry{}
	for _, e := range all {
		out[e.key] = append(out[e.key], e)
	}
	return out
}

func sameKeys(d, l []entry) bool {
	return maps.EqualFunc(groups(d), groups(l), func(a, b []entry) bool { return len(a) == len(b) })
}

// order compares the order of streamed records over all keys: a topic has one partition here.
// A snapshot may come in any order of keys.
func (c *comparison) order(phase string, d, l []entry) {
	if phase == Snapshot {
		return
	}
	for i := range d {
		if d[i].key != l[i].key {
			c.report(Difference{Part: Records, Phase: phase, Path: "order", Record: fmt.Sprintf("record %d", d[i].number), Debezium: d[i].String(), Leat: l[i].String()})
			return
		}
	}
}

// byKey compares the records of each key, in the order in which the keys come in Debezium's.
func (c *comparison) byKey(phase string, d, l []entry) {
	theirs, ours := groups(d), groups(l)
	for _, e := range d {
		group, other := theirs[e.key], ours[e.key]
		delete(theirs, e.key)
		if phase == Snapshot && len(group) > 1 {
			other = c.matched(group, other)
		}
		for i := range group {
			c.record(group[i], other[i])
		}
	}
}

// matched returns leat's records in such an order that each is the one that differs least from
// Debezium's at its place: rows without a key have no order in a snapshot.
func (c *comparison) matched(debezium, leat []entry) []entry {
	sortByText(debezium)
	rest := slices.Clone(leat)
	sortByText(rest)
	out := make([]entry, 0, len(rest))
	for _, d := range debezium {
		best, least := 0, c.unexplained(d, rest[0])
		for i := 1; i < len(rest) && least > 0; i++ {
			if n := c.unexplained(d, rest[i]); n < least {
				best, least = i, n
			}
		}
		out = append(out, rest[best])
		rest = slices.Delete(rest, best, best+1)
	}
	return out
}

// unexplained counts the differences between two values that no rule explains.
func (c *comparison) unexplained(d, l entry) int {
	trial := &comparison{judge: c.judge, named: c.named, topic: c.topic}
	trial.value(Difference{Phase: d.phase}, Value, d.Value, l.Value, d.ValueSchema, l.ValueSchema, l.KeySchema)
	count := 0
	for _, f := range trial.found {
		if f.Rule == "" {
			count++
		}
	}
	return count
}

func sortByText(group []entry) {
	slices.SortStableFunc(group, func(a, b entry) int {
		x, y := tree.Text(tree.Get(a.Value, "after")), tree.Text(tree.Get(b.Value, "after"))
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// missing shows the first key with records of which one side has more.
func (c *comparison) missing(phase string, d, l []entry) {
	gd, gl := groups(d), groups(l)
	keys := map[string]bool{}
	for _, e := range slices.Concat(d, l) {
		if keys[e.key] || len(gd[e.key]) == len(gl[e.key]) {
			continue
		}
		keys[e.key] = true
		c.report(Difference{
			Part: Records, Phase: phase, Path: "count", Record: "key " + e.key,
			Debezium: shown(gd[e.key]), Leat: shown(gl[e.key]),
		})
	}
}

// shown is how the records of one key are shown where their number is what differs.
func shown(of []entry) any {
	out := []any{}
	for _, e := range of {
		out = append(out, fmt.Sprintf("%s %s", e.op, tree.Text(tree.Get(e.Value, "after"))))
	}
	return out
}

// record compares two records field by field, and their schemas.
func (c *comparison) record(d, l entry) {
	at := Difference{Phase: d.phase, Record: d.String()}
	c.value(at, Key, d.Key, l.Key, d.KeySchema, l.KeySchema, l.KeySchema)
	c.value(at, Value, d.Value, l.Value, d.ValueSchema, l.ValueSchema, l.KeySchema)
	c.headers(at, d.Headers, l.Headers)
	c.schemas(at, KeySchema, d.KeySchema, l.KeySchema, l.KeySchema)
	c.schemas(at, ValueSchema, d.ValueSchema, l.ValueSchema, l.KeySchema)
}

func (c *comparison) headers(at Difference, d, l []topics.Header) {
	at.Part = Headers
	tree.Walk(headers(d), headers(l), func(path []string, a, b any, leaf bool) tree.Stop {
		if leaf {
			at.Path, at.Debezium, at.Leat = join(path), a, b
			c.report(at)
		}
		return false
	})
}

func headers(all []topics.Header) tree.Object {
	out := tree.Object{}
	for _, h := range all {
		out = append(out, tree.Member{Name: h.Name, Value: h.Value})
	}
	return out
}
