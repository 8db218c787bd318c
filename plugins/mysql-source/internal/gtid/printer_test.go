package gtid

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPrinter_printsAsStringDoes(t *testing.T) {
	t.Parallel()
	sources := []Source{{}, {UUID: UUID{0xaa}}, {UUID: UUID{0xaa}, Tag: "blue"}}
	var p Printer
	var got, want []string
	for n := range int64(1000) { // of more bytes than the memory that texts share
		g := GTID{Source: sources[n/100%3], Number: n * n * n}
		got, want = append(got, p.Print(g)), append(want, g.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPrinter_textsShareMemory(t *testing.T) {
	var p Printer
	g := GTID{Source: Source{UUID: UUID{0xaa}}}
	allocs := testing.AllocsPerRun(1000, func() {
		g.Number++
		_ = p.Print(g)
	})
	if allocs >= 1 {
		t.Errorf("%v allocations a text", allocs)
	}
}
