package supervisor_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/supervisor"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// TestTranscripts plays testdata/*.txt: a line is "at <time> <crash|outage|mend>
// <jitter>", with "progress" or "open <time>" behind it.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"backoff", "budget", "progress", "outage", "outage_over", "mend"} {
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
		Max: 4, Window: time.Minute, Initial: 100 * time.Millisecond, Longest: 30 * time.Second,
	}}
	var out strings.Builder
	for _, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		if strings.HasPrefix(line, "> ") {
			continue
		}
		fmt.Fprintln(&out, line)
		switch args := strings.Fields(line); args[0] {
		case "#":
		case "longest":
			s.Policy.Longest = duration(t, args[1])
		default:
			fmt.Fprintln(&out, ">", step(t, s, args))
		}
	}
	return out.String()
}

func step(t *testing.T, s *supervisor.Supervisor, args []string) string {
	t.Helper()
	jitter, err := strconv.ParseFloat(args[3], 64)
	if err != nil {
		t.Fatal(err)
	}
	e := supervisor.End{
		At: time.Time{}.Add(duration(t, args[1])), Cause: errors.New("cause of the " + args[2]), Jitter: jitter,
		Kind: map[string]supervisor.Kind{"crash": supervisor.Crash, "outage": supervisor.Outage, "mend": supervisor.Mend}[args[2]],
	}
	switch more := args[4:]; {
	case len(more) == 0:
	case more[0] == "progress":
		e.Progress = true
	case more[0] == "open":
		e.Open = duration(t, more[1])
	}
	r, err := s.Ended(e)
	if err != nil {
		return "stop: " + err.Error()
	}
	text := fmt.Sprintf("wait %v, attempt %d since %v", r.Delay, r.Attempt, r.Since.Sub(time.Time{}))
	if r.Quiet {
		text += ", quiet"
	}
	return text
}

func duration(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEndedErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	t.Run("ErrBudget keeps the last cause", func(t *testing.T) {
		t.Parallel()
		s := &supervisor.Supervisor{}
		if _, err := s.Ended(supervisor.End{Cause: cause}); !errors.Is(err, supervisor.ErrBudget) || !errors.Is(err, cause) {
			t.Errorf("got %v", err)
		}
	})
}
