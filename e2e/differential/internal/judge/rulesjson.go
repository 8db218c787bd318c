package judge

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

func jsonRules() []Rule {
	return []Rule{
		{Name: "json", Explains: explainsJSON},
		{Name: "json-opaque", Explains: explainsJSONOpaque},
		{Name: "json-empty", Explains: explainsJSONEmpty},
	}
}

// documents returns both sides of a difference between JSON columns.
func documents(d Difference) (theirs, ours any, ok bool) {
	a, ok1 := d.Debezium.(string)
	b, ok2 := d.Leat.(string)
	if !ok1 || !ok2 || !isValue(d) || !has(d, semanticJSON) {
		return nil, nil, false
	}
	theirs, err1 := tree.ParseJSON(a)
	ours, err2 := tree.ParseJSON(b)
	return theirs, ours, err1 == nil && err2 == nil
}

// explainsJSON: the same document, spaced and its numbers written as the server prints it there.
func explainsJSON(d Difference) bool {
	theirs, ours, ok := documents(d)
	return ok && d.Phase == Snapshot && sameDocument(theirs, ours, sameNumber)
}

// explainsJSONOpaque: times and binary strings within a document are cut or damaged there.
func explainsJSONOpaque(d Difference) bool {
	theirs, ours, ok := documents(d)
	return ok && d.Phase == Stream && sameDocument(theirs, ours, sameOpaque)
}

// explainsJSONEmpty: a row from before its JSON NOT NULL column was added, which the server reads
// as null.
func explainsJSONEmpty(d Difference) bool {
	return isValue(d) && d.Phase == Stream && has(d, semanticJSON) && d.Debezium == "{}" && d.Leat == "null"
}

// sameDocument compares documents whose leaves may be equal in another sense.
func sameDocument(a, b any, leaves func(a, b any) bool) bool {
	all := true
	tree.Walk(a, b, func(_ []string, a, b any, leaf bool) tree.Stop {
		all = all && (!leaf || leaves(a, b))
		return false
	})
	return all
}

func sameNumber(a, b any) bool {
	x, ok1 := a.(json.Number)
	y, ok2 := b.(json.Number)
	if !ok1 || !ok2 {
		return false
	}
	f, err1 := x.Float64()
	g, err2 := y.Float64()
	return err1 == nil && err2 == nil && f == g
}

var (
	negativeTime = regexp.MustCompile(`^-\d+:\d\d:\d\d\.\d{6}$`)
	damagedTime  = regexp.MustCompile(`^\d+:[-0-9]+:[-0-9]+(\.[-0-9]+)?$`)
	wholeSecond  = regexp.MustCompile(`\d\d:\d\d:\d\d$`)
	binaryString = regexp.MustCompile(`^base64:type\d+:`)
)

func sameOpaque(a, b any) bool {
	theirs, ok1 := a.(string)
	ours, ok2 := b.(string)
	switch {
	case !ok1 || !ok2:
		return false
	case wholeSecond.MatchString(theirs) && ours == theirs+".000000":
		return true
	case binaryString.MatchString(ours):
		return strings.TrimPrefix(ours, binaryString.FindString(ours)) == theirs
	}
	return negativeTime.MatchString(ours) && damagedTime.MatchString(theirs)
}
