package gtid

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// Set is a set of transactions. The zero value is empty. It is not safe for
// concurrent use.
type Set struct {
	runs []run // by source, none of them empty
}

// run has the transactions of one source: spans in rising order, with a gap
// between each two.
type run struct {
	source Source
	name   string
	spans  []span
	// head is the text of the run but for the end of its last span; empty where
	// it has to be made anew.
	head []byte
}

// span is an interval, both ends included.
type span struct{ first, last int64 }

// Add puts one transaction into the set and says whether it is new there.
func (s *Set) Add(g GTID) bool {
	r := s.runOf(g.Source)
	if n := len(r.spans); n > 0 && r.spans[n-1].last+1 == g.Number && r.spans[n-1].first < r.spans[n-1].last {
		r.spans[n-1].last++ // the common case; head stays right
		return true
	}
	return r.add(span{g.Number, g.Number})
}

// Contains says whether a transaction is in the set.
func (s *Set) Contains(g GTID) bool {
	i, ok := s.find(g.Source)
	return ok && s.runs[i].contains(span{g.Number, g.Number})
}

// Includes says whether all of o is in s.
func (s *Set) Includes(o *Set) bool {
	for i := range o.runs {
		j, ok := s.find(o.runs[i].source)
		if !ok {
			return false
		}
		for _, sp := range o.runs[i].spans {
			if !s.runs[j].contains(sp) {
				return false
			}
		}
	}
	return true
}

// Empty says whether the set has no transaction.
func (s *Set) Empty() bool { return len(s.runs) == 0 }

// UUIDs returns the servers that the transactions are of, in order.
func (s *Set) UUIDs() []UUID {
	var out []UUID
	for i := range s.runs {
		if u := s.runs[i].source.UUID; len(out) == 0 || out[len(out)-1] != u {
			out = append(out, u)
		}
	}
	return out
}

// Clone returns a copy that shares nothing with s.
func (s *Set) Clone() *Set {
	c := &Set{runs: slices.Clone(s.runs)}
	for i := range c.runs {
		c.runs[i].spans = slices.Clone(c.runs[i].spans)
		c.runs[i].head = nil
	}
	return c
}

// Union adds all of o to s.
func (s *Set) Union(o *Set) {
	for i := range o.runs {
		r := s.runOf(o.runs[i].source)
		for _, sp := range o.runs[i].spans {
			r.add(sp)
		}
	}
}

// Subtract returns what is in s and not in o.
func (s *Set) Subtract(o *Set) *Set {
	out := &Set{}
	for i := range s.runs {
		spans := s.runs[i].spans
		if j, ok := o.find(s.runs[i].source); ok {
			spans = subtract(spans, o.runs[j].spans)
		}
		if len(spans) > 0 {
			out.runOf(s.runs[i].source).spans = slices.Clone(spans)
		}
	}
	return out
}

// Intersect returns what is in both sets.
func (s *Set) Intersect(o *Set) *Set { return s.Subtract(s.Subtract(o)) }

// Filter returns the part of the set whose servers keep says yes to.
func (s *Set) Filter(keep func(UUID) bool) *Set {
	out := s.Clone()
	out.runs = slices.DeleteFunc(out.runs, func(r run) bool { return !keep(r.source.UUID) })
	return out
}

func (s *Set) find(src Source) (int, bool) {
	if len(s.runs) == 1 && s.runs[0].source == src { // most servers know of one source only
		return 0, true
	}
	return slices.BinarySearchFunc(s.runs, src, func(r run, src Source) int { return compare(r.source, src) })
}

func (s *Set) runOf(src Source) *run {
	i, ok := s.find(src)
	if !ok {
		s.runs = slices.Insert(s.runs, i, run{source: src, name: src.String()})
	}
	return &s.runs[i]
}

func compare(a, b Source) int {
	return cmp.Or(bytes.Compare(a.UUID[:], b.UUID[:]), strings.Compare(a.Tag, b.Tag))
}

func (r *run) contains(sp span) bool {
	for _, have := range slices.Backward(r.spans) {
		if have.first <= sp.first {
			return sp.last <= have.last
		}
	}
	return false
}

// add puts a span among the others and joins those that touch.
func (r *run) add(sp span) bool {
	if r.contains(sp) {
		return false
	}
	r.head = nil
	from := slices.IndexFunc(r.spans, func(have span) bool { return have.last >= sp.first-1 })
	if from < 0 {
		r.spans = append(r.spans, sp)
		return true
	}
	to := from
	for ; to < len(r.spans) && r.spans[to].first <= sp.last+1; to++ {
		sp.first, sp.last = min(sp.first, r.spans[to].first), max(sp.last, r.spans[to].last)
	}
	r.spans = slices.Replace(r.spans, from, to, sp)
	return true
}

func subtract(from, what []span) []span {
	var out []span
	for _, sp := range from {
		for _, w := range what {
			if w.last < sp.first {
				continue
			}
			if w.first > sp.last {
				break
			}
			if w.first > sp.first {
				out = append(out, span{sp.first, w.first - 1})
			}
			sp.first = w.last + 1
		}
		if sp.first <= sp.last {
			out = append(out, sp)
		}
	}
	return out
}
