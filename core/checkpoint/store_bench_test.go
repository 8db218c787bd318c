package checkpoint_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
)

// BenchmarkSave moves a position, durably, beside a state of so many tables:
//
//	go test -run '^$' -bench Save -benchtime 2s -count 5 ./core/checkpoint
func BenchmarkSave(b *testing.B) {
	for _, tables := range []int{1, 5000} {
		b.Run(fmt.Sprintf("tables=%d", tables), func(b *testing.B) {
			s := benchStore(b, b.TempDir(), tables)
			defer s.Close()
			position := []byte(strings.Repeat("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-", 5))
			for i := 0; b.Loop(); i++ {
				m := checkpoint.Move{Position: fmt.Appendf(position, "%d", i)}
				if err := s.Save(map[string]checkpoint.Move{"kafka": m}, time.Now()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
		})
	}
}

// BenchmarkOpen reads a state of 5,000 tables, 10 MB.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s := benchStore(b, dir, 5000)
	for b.Loop() {
		s.Close()
		var err error
		if s, err = checkpoint.Open(dir, "p", quiet); err != nil {
			b.Fatal(err)
		}
		if s.Load("kafka") == nil {
			b.Fatal("no checkpoint")
		}
	}
	s.Close()
}

func benchStore(b *testing.B, dir string, tables int) *checkpoint.Store {
	b.Helper()
	s, err := checkpoint.Open(dir, "p", quiet)
	if err != nil {
		b.Fatal(err)
	}
	m := checkpoint.Move{Position: []byte("start")}
	for i := range tables {
		m.State = append(m.State, ledger.StateChange{Key: fmt.Sprintf("table/%d", i), Value: []byte(strings.Repeat("column", 340))})
	}
	if err := s.Save(map[string]checkpoint.Move{"kafka": m}, time.Now()); err != nil {
		b.Fatal(err)
	}
	return s
}
