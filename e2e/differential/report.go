package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/leat-io/leat/e2e/differential/internal/judge"
	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

// verdict is the outcome of one case.
type verdict struct {
	c           *sqlcase.Case
	took        time.Duration
	records     int   // that Debezium has written
	err         error // the case could not be run
	debezium    error // why Debezium stopped
	leat        error // why leat stopped
	differences []judge.Difference
	// statements says that the case is to be shown: it stands in no file.
	statements bool
}

// The words of a verdict.
const (
	wordEqual     = "equal"
	wordExplained = "explained"
	wordDifferent = "different"
)

// shape tells verdicts apart that are different for different reasons.
func (v verdict) shape() string {
	return fmt.Sprint(v.leat != nil, v.debezium != nil)
}

// unexplained returns the differences that no rule explains. What Debezium has not sent because it
// has stopped explains itself; what it has sent must be right.
func (v verdict) unexplained() []judge.Difference {
	var out []judge.Difference
	for _, d := range v.differences {
		stopped := v.debezium != nil && (d.Part == judge.Records || d.Part == judge.Versions)
		if d.Rule == "" && !stopped {
			out = append(out, d)
		}
	}
	return out
}

// word is equal, explained or different.
func (v verdict) word() string {
	switch {
	case v.err != nil, v.leat != nil, (v.debezium != nil) != (v.c.Fails != ""):
		return wordDifferent
	case len(v.unexplained()) > 0:
		return wordDifferent
	case len(v.differences) > 0, v.debezium != nil:
		return wordExplained
	}
	return wordEqual
}

// report prints verdicts as they come.
type report struct {
	verbose bool

	mu                                 sync.Mutex
	cases, equal, explained, different int
}

func (r *report) add(v verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cases++
	word := v.word()
	switch word {
	case wordEqual:
		r.equal++
	case wordExplained:
		r.explained++
	default:
		r.different++
	}
	fmt.Printf("%-10s %-28s %5d records %6.1fs  %s\n", word, v.c.Name, v.records, v.took.Seconds(), v.summary())
	if word == wordDifferent {
		r.reasons(v)
	}
	if v.statements {
		fmt.Println(indent(script(v.c)))
	}
	if r.verbose {
		for _, d := range v.differences {
			fmt.Println(indent(d.String()))
		}
	}
}

func (v verdict) summary() string {
	rules := map[string]bool{}
	var names []string
	for _, d := range v.differences {
		if d.Rule != "" && !rules[d.Rule] {
			rules[d.Rule] = true
			names = append(names, d.Rule)
		}
	}
	if v.c.Fails != "" && v.debezium != nil {
		names = append(names, v.c.Fails)
	}
	return strings.Join(names, ", ")
}

// reasons shows why a case is different, the first difference only.
func (r *report) reasons(v verdict) {
	if v.err != nil {
		fmt.Println(indent("cannot be run: " + v.err.Error()))
	}
	if v.leat != nil {
		fmt.Println(indent("leat: " + v.leat.Error()))
	}
	if v.debezium != nil {
		fmt.Println(indent("Debezium: " + v.debezium.Error()))
	} else if v.c.Fails != "" && v.err == nil {
		fmt.Println(indent("Debezium does not stop, though the case says so: " + v.c.Fails))
	}
	if all := v.unexplained(); len(all) > 0 && !r.verbose {
		fmt.Println(indent(all[0].String()))
		if len(all) > 1 {
			fmt.Println(indent(fmt.Sprintf("and %d more differences: -v shows them", len(all)-1)))
		}
	}
}

func (r *report) total() error {
	_, err := fmt.Printf("%d cases, %d equal, %d explained, %d different\n", r.cases, r.equal, r.explained, r.different)
	return err
}

func indent(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }
