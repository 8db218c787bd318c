package supervisor_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/supervisor"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// TestTranscripts plays testdata/*.txt: "at <time> <transient|permanent> <jitter>" a line.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"backoff", "budget", "permanent"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "testdata/" + name + ".txt"
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Error(d)
			}
		})
	}
}

func play(t *testing.T, script string) string {
	t.Helper()
	s := &supervisor.Supervisor{Policy: supervisor.Policy{
		Max: 4, Window: time.Minute, Initial: 100 * time.Millisecond, Longest: 500 * time.Millisecond,
	}}
	var out strings.Builder
	for _, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		if strings.HasPrefix(line, "> ") {
			continue
		}
		fmt.Fprintln(&out, line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		var at, kind string
		var jitter float64
		if _, err := fmt.Sscanf(line, "at %s %s %f", &at, &kind, &jitter); err != nil {
			t.Fatal(err)
		}
		d, err := time.ParseDuration(at)
		if err != nil {
			t.Fatal(err)
		}
		delay, err := s.Ended(time.Time{}.Add(d), errors.New(kind+" cause"), kind == "permanent", jitter)
		if err != nil {
			fmt.Fprintln(&out, "> stop:", err)
		} else {
			fmt.Fprintln(&out, "> wait", delay)
		}
	}
	return out.String()
}

func TestEndedErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	t.Run("ErrBudget keeps the last cause", func(t *testing.T) {
		t.Parallel()
		s := &supervisor.Supervisor{}
		if _, err := s.Ended(time.Time{}, cause, false, 0); !errors.Is(err, supervisor.ErrBudget) || !errors.Is(err, cause) {
			t.Errorf("got %v", err)
		}
	})
}
