package checkpoint_test

import (
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
)

// A file that was put in the place of another pipeline's would have that one pass
// over what it did not read.
func TestFileOfAnotherPipeline(t *testing.T) {
	t.Parallel()
	dir, quiet := t.TempDir(), slog.New(slog.DiscardHandler)
	for i, pipeline := range []string{"orders", "stock"} {
		s, err := checkpoint.Open(dir, pipeline, quiet)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Save(map[string]checkpoint.Move{"kafka": {Position: []byte{byte(i)}}}, time.Unix(1000, 0)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	replace(t, checkpoint.Path(dir, "stock"), checkpoint.Path(dir, "orders"))
	_, err := checkpoint.Open(dir, "orders", quiet)
	if !errors.Is(err, checkpoint.ErrDamaged) || !strings.Contains(err.Error(), `the pipeline "stock"`) || !strings.Contains(err.Error(), "checkpoint restore") {
		t.Fatalf("got %v, want a refusal that names the other pipeline and the cure", err)
	}
	if _, err := checkpoint.Look(dir, "orders", quiet); !errors.Is(err, checkpoint.ErrDamaged) {
		t.Errorf("looked at, it gives %v", err)
	}
	if _, err := checkpoint.Restore(dir, "orders", quiet); err != nil {
		t.Fatal(err)
	}
	s, err := checkpoint.OpenReadOnly(dir, "orders", quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Load("kafka").Position; got[0] != 0 {
		t.Errorf("restored, the position is %v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, copied := range []string{"", ".before"} { // with its copy there is nothing to go back to
		replace(t, checkpoint.Path(dir, "stock")+copied, checkpoint.Path(dir, "orders")+copied)
	}
	if _, err := checkpoint.Open(dir, "orders", quiet); !errors.Is(err, checkpoint.ErrDamaged) || strings.Contains(err.Error(), "checkpoint restore") {
		t.Errorf("got %v, want a refusal without a copy to restore", err)
	}
}

func replace(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
