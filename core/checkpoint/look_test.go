package checkpoint_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
)

func TestLookAtAPipelineThatRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	save(t, s, "kafka", checkpoint.Move{Position: []byte("0")})
	saved := make(chan error, 1)
	go func() { // more saves than the file has room for: it is made anew meanwhile
		for i := range 600 {
			m := checkpoint.Move{Position: []byte(strconv.Itoa(i)), State: []ledger.StateChange{set("table", strings.Repeat("definition", 500))}}
			if err := s.Save(map[string]checkpoint.Move{"kafka": m}, now); err != nil {
				saved <- err
				return
			}
		}
		saved <- nil
	}()
	for last := 0; ; {
		seen, err := checkpoint.Look(dir, "p", quiet)
		if err != nil {
			t.Fatal(err)
		}
		at, err := strconv.Atoi(string(seen.Load("kafka").Position))
		if err != nil || at < last || seen.FellBack() != "" {
			t.Fatalf("position %d behind %d, error %v, fell back: %q", at, last, err, seen.FellBack())
		}
		if err := seen.Save(nil, now); err == nil {
			t.Fatal("a store to look at was written to")
		}
		last = at
		select {
		case err := <-saved:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

func TestLookMakesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := checkpoint.Look(dir, "p", quiet); !errors.Is(err, checkpoint.ErrNone) {
		t.Errorf("got %v, want ErrNone", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}
