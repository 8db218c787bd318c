package generate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/differential/internal/generate"
	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

func TestRoundIsTheSameForASeed(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(generate.Round(7, 3), generate.Round(7, 3)); diff != "" {
		t.Errorf("two rounds of one seed differ:\n%s", diff)
	}
	if cmp.Equal(generate.Round(7, 3).Stream, generate.Round(7, 4).Stream) || cmp.Equal(generate.Round(7, 3).Stream, generate.Round(8, 3).Stream) {
		t.Error("rounds of different seeds or numbers are the same")
	}
}

// TestRoundsUseEverything wants each form of statement in some round.
func TestRoundsUseEverything(t *testing.T) {
	t.Parallel()
	var all []string
	for number := range uint64(60) {
		c := generate.Round(1, number)
		if !c.Lenient || len(c.Before) == 0 || len(c.Stream) < 10 {
			t.Fatalf("round %d: %+v", number, c)
		}
		all = append(all, slices.Concat(c.Before, c.Stream)...)
	}
	text := strings.Join(all, "\n")
	for _, word := range []string{
		"CREATE TABLE", "PRIMARY KEY", "ADD COLUMN", "DROP COLUMN", "MODIFY", "CHANGE COLUMN", "RENAME COLUMN", "SET DEFAULT", "DROP DEFAULT", " FIRST", " AFTER ",
		"RENAME TABLE", "RENAME TO", "TRUNCATE", "INSERT INTO", "UPDATE", "SET id = id +", "DELETE FROM", "START TRANSACTION", "COMMIT", "ROLLBACK", "NULL",
		"DECIMAL", "BIGINT UNSIGNED", "ENUM", "SET(", "JSON", "GEOMETRY", "DATETIME", "TIMESTAMP", "BIT", "VARBINARY", "CHARACTER SET",
	} {
		if !strings.Contains(text, word) {
			t.Errorf("no round has %s", word)
		}
	}
}

func TestRoundEndsItsTransactions(t *testing.T) {
	t.Parallel()
	for number := range uint64(60) {
		open := false
		for _, s := range generate.Round(2, number).Stream {
			verb, _, _ := strings.Cut(s, " ")
			switch verb {
			case "START":
				open = true
			case "COMMIT", "ROLLBACK", "CREATE", "ALTER", "RENAME", "TRUNCATE":
				open = false
			}
		}
		if open {
			t.Errorf("round %d leaves a transaction open", number)
		}
	}
}

func TestShrink(t *testing.T) {
	t.Parallel()
	c := &sqlcase.Case{Name: "n"}
	for i := range 8 {
		c.Before = append(c.Before, fmt.Sprint("before ", i))
	}
	for i := range 40 {
		c.Stream = append(c.Stream, fmt.Sprint("stream ", i))
	}
	// It fails as long as these three are there.
	fails := func(c *sqlcase.Case) bool {
		return slices.Contains(c.Before, "before 5") && slices.Contains(c.Stream, "stream 7") && slices.Contains(c.Stream, "stream 30")
	}
	tests := map[string]struct {
		limit        int
		smallestSize int
	}{
		"OK":            {1000, 3},
		"limit":         {10, 48},
		"no run at all": {0, 48},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runs := 0
			got := generate.Shrink(c, test.limit, func(c *sqlcase.Case) bool { runs++; return fails(c) })
			if size := len(got.Before) + len(got.Stream); size > test.smallestSize || !fails(got) {
				t.Errorf("%d statements are left, want at most %d that fail: %v %v", size, test.smallestSize, got.Before, got.Stream)
			}
			if runs > test.limit {
				t.Errorf("%d runs, want at most %d", runs, test.limit)
			}
			if got.Name != "n" {
				t.Errorf("name %q", got.Name)
			}
		})
	}
	if len(c.Before) != 8 || len(c.Stream) != 40 {
		t.Error("the case itself has changed")
	}
}
