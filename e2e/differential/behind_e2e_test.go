//go:build e2e

package main

import (
	"os"
	"testing"

	"github.com/leat-io/leat/e2e/differential/internal/judge"
	"github.com/leat-io/leat/e2e/differential/internal/run"
	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

// What leat makes of a case does not hang on how far behind the statements it reads: their
// definitions are those of the log, not of the server. All cases are read twice, beside their
// statements and when all of them are done, and both must have written the same.
func TestCases_behindAsBeside(t *testing.T) {
	cases, err := options{pattern: "*"}.cases()
	if err != nil {
		t.Fatal(err)
	}
	// Debezium has no part here, so that a case may do what it cannot read.
	unlogged, err := sqlcase.Load(os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	cases = append(cases, unlogged...)
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	volatile, err := judge.ReadVolatile()
	if err != nil {
		t.Fatal(err)
	}
	lab, err := run.NewLeatLab(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lab.Close() })
	for _, group := range run.Alike(cases) {
		t.Run(group[0].Name, func(t *testing.T) {
			beside, behind, err := lab.Behind(t.Context(), group)
			if err != nil {
				t.Fatal(err)
			}
			if beside.Failure != nil || behind.Failure != nil {
				t.Fatalf("beside: %v\nbehind: %v", beside.Failure, behind.Failure)
			}
			if beside.Side.Records() < len(group) {
				t.Errorf("%d records of %d cases", beside.Side.Records(), len(group))
			}
			t.Logf("%d records of %d cases", beside.Side.Records(), len(group))
			j := judge.Judge{Volatile: volatile}
			for _, d := range j.Compare(beside.Side, behind.Side) {
				t.Errorf("%s: %s of %s at %s: beside %v, behind %v", d.Topic, d.Part, d.Record, d.Path, d.Debezium, d.Leat)
			}
		})
	}
}
