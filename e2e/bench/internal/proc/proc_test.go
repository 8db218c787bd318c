package proc

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseStat(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stat string
		want Process
		err  string
	}{
		"OK": {
			stat: "7 (avro-transform) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 7 3 20 0 9 0 100 1000 200",
			want: Process{Name: "avro-transform", CPU: 2100 * time.Millisecond},
		},
		"a name with parentheses and spaces": {
			stat: "7 (a) b (c) R 1 7 7 0 -1 0 0 0 0 0 1 2 3 4 20 0",
			want: Process{Name: "a) b (c", CPU: 100 * time.Millisecond},
		},
		"one that nobody has waited for": {stat: "7 (x) Z 1 7 7 0 -1 0 0 0 0 0 1 2 3 4 20 0", err: ErrEnded.Error()},
		"no name":                        {stat: "7 x S 1", err: "no name"},
		"short":                          {stat: "7 (x) S 1 2 3", err: "is short"},
		"not a number":                   {stat: "7 (x) S 1 7 7 0 -1 0 0 0 0 0 1 2 many 4 20 0", err: "invalid syntax"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseStat(tt.stat)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("err = %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParsePeak(t *testing.T) {
	t.Parallel()
	if got := parsePeak("Name:\tx\nVmHWM:\t   2048 kB\nVmRSS:\t 1 kB\n"); got != 2<<20 {
		t.Errorf("got %d, want 2 MiB", got)
	}
	if got := parsePeak("Name:\tx\n"); got != 0 {
		t.Errorf("got %d for a process without memory", got)
	}
}

func TestMeter(t *testing.T) {
	t.Parallel()
	// A shell that has burnt time, started a child that waits, and waits itself.
	cmd := exec.Command("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 60 & echo; wait")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	var tree []Process
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if tree, err = Tree(cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
		// Between fork and exec the child has its parent's name.
		if len(tree) == 2 && tree[1].Name == "sleep" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("tree = %+v, want sh and sleep", tree)
		}
	}
	defer func() {
		for _, p := range slices.Backward(tree) {
			if process, err := os.FindProcess(p.Pid); err == nil {
				_ = process.Kill()
			}
		}
	}()
	m := NewMeter(cmd.Process.Pid)
	r, err := m.Read()
	if err != nil {
		t.Fatal(err)
	}
	if r.CPU == 0 || r.CPU != CPU(tree) || r.ByName["sleep"] != 0 {
		t.Errorf("reading %+v of %+v", r, tree)
	}
	if want := tree[0].Peak + tree[1].Peak; m.Peak() < want || tree[0].Peak == 0 {
		t.Errorf("peak %d, want at least %d", m.Peak(), want)
	}
	split := m.PeakByName()
	if sum := split[tree[0].Name] + split[tree[1].Name]; sum != m.Peak() {
		t.Errorf("peaks %v, want %d in all", split, m.Peak())
	}
	if d := cmp.Diff(map[string]time.Duration{tree[0].Name: r.CPU}, r.Since(Reading{})); d != "" {
		t.Error(d)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if _, err := m.Read(); !errors.Is(err, ErrEnded) {
		t.Errorf("err = %v, want ErrEnded", err)
	}
	if m.Peak() == 0 {
		t.Error("the peak is forgotten")
	}
}
