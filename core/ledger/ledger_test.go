package ledger_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/ledger"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// TestTranscripts plays testdata/*.txt: a command a line, its output behind "> ".
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"order", "restart", "transactional", "state"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "testdata/" + name + ".txt"
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := play(string(want))
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

func play(script string) string {
	var out strings.Builder
	l := ledger.New(nil)
	for _, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		if strings.HasPrefix(line, "> ") {
			continue
		}
		fmt.Fprintln(&out, line)
		args := strings.Fields(line)
		if len(args) == 0 || args[0] == "#" {
			continue
		}
		fmt.Fprintln(&out, "> "+step(&l, args))
	}
	return out.String()
}

func step(l **ledger.Ledger, args []string) string {
	switch args[0] {
	case "new":
		*l = ledger.New(&ledger.Checkpoint{Position: []byte(args[1]), State: map[string][]byte{}})
	case "give":
		return giveStep(*l, args)
	case "ack":
		moved, err := (*l).Ack(number(args[1]))
		return movedText(moved, err)
	case "stored":
		return fmt.Sprint("stored ", (*l).AckThrough([]byte(args[1])))
	case "open":
		return fmt.Sprint((*l).Open(), " idle ", (*l).Idle())
	}
	return "received " + text((*l).Received()) + ", durable " + text((*l).Durable())
}

func giveStep(l *ledger.Ledger, args []string) string {
	e := ledger.Entry{Sequence: number(args[1]), Position: []byte(args[2])}
	for _, kv := range args[3:] {
		k, v, set := strings.Cut(kv, "=")
		c := ledger.StateChange{Key: k}
		if set {
			c.Value = []byte(v)
		}
		e.State = append(e.State, c)
	}
	if err := l.Give(e); err != nil {
		return err.Error()
	}
	return "received " + text(l.Received())
}

func number(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func movedText(moved []ledger.Entry, err error) string {
	if err != nil {
		return err.Error()
	}
	out := "moved"
	for _, e := range moved {
		out += " " + strconv.FormatUint(e.Sequence, 10)
	}
	return out
}

func text(c *ledger.Checkpoint) string {
	if c == nil {
		return "nothing"
	}
	var state []string
	for k, v := range c.State {
		state = append(state, k+"="+string(v))
	}
	sort.Strings(state)
	return fmt.Sprintf("%s %v", c.Position, state)
}

func TestLedgerErrors(t *testing.T) {
	t.Parallel()
	l := ledger.New(nil)
	if err := l.Give(ledger.Entry{Sequence: 2}); err != nil {
		t.Fatal(err)
	}
	t.Run("ErrOrder", func(t *testing.T) {
		if err := l.Give(ledger.Entry{Sequence: 2}); !errors.Is(err, ledger.ErrOrder) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ErrUnknown", func(t *testing.T) {
		if _, err := l.Ack(1); !errors.Is(err, ledger.ErrUnknown) {
			t.Errorf("got %v", err)
		}
	})
}
