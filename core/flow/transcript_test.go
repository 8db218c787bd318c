package flow_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// TestTranscripts plays testdata/*.txt: a command a line, what comes of it behind
// "> ". The commands are those of player.step.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
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
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func play(script string) string {
	var out strings.Builder
	p := &player{}
	for _, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		if strings.HasPrefix(line, "> ") {
			continue
		}
		fmt.Fprintln(&out, line)
		args := strings.Fields(line)
		if len(args) == 0 || args[0] == "#" {
			continue
		}
		for _, l := range p.step(args) {
			fmt.Fprintln(&out, "> "+l)
		}
	}
	return out.String()
}

// player holds the machine that a transcript speaks to.
type player struct{ machine *flow.Machine }

// step does one command:
//
//	new [transform] <sink>...      sinks: "-" or "position" of a checkpoint
//	<stage> <type> <args>...       a frame: see frameOf
//	up <stage> [stored position]   a process of the stage has opened
//	transactional <i> [position]
//	resume | moved <i> | durable <i> | stats <i> | drained | end
//	at <time> | progress <stage> | oldest <stage>
func (p *player) step(args []string) []string {
	switch args[0] {
	case "new":
		p.machine = newMachine(args[1:])
		return nil
	case "up":
		return effects(p.machine.Up(stage(args[1]), optional(args[2:])), nil)
	case "transactional":
		p.machine.Transactional(number(args[1]), optional(args[2:]))
		return nil
	case "resume":
		return p.resume()
	case "moved":
		return moved(p.machine.Moved(number(args[1])))
	case "durable":
		return []string{fmt.Sprintf("%q", p.machine.Durable(number(args[1])))}
	case "stats":
		return []string{fmt.Sprintf("%+v", p.machine.Stats(number(args[1])))}
	case "drained":
		return []string{fmt.Sprintf("drained %v, in flight %d", p.machine.Drained(), p.machine.InFlight())}
	case "end":
		p.machine.End()
		return nil
	case "at":
		p.machine.Tick(int64(number(args[1])))
		return nil
	case "progress":
		return []string{strconv.FormatUint(p.machine.Progress(stage(args[1])), 10)}
	case "oldest":
		return oldest(p.machine.Oldest(stage(args[1])))
	}
	return effects(p.machine.Receive(stage(args[0]), frameOf(args[1:])))
}

func newMachine(args []string) *flow.Machine {
	transform := args[0] == "transform"
	if transform {
		args = args[1:]
	}
	var checkpoints []*ledger.Checkpoint
	for _, a := range args {
		if a == "-" {
			checkpoints = append(checkpoints, nil)
		} else {
			checkpoints = append(checkpoints, optional([]string{a}))
		}
	}
	return flow.NewMachine(transform, checkpoints)
}

// frameOf reads
//
//	batch <sequence> <sinks> <position> <count> [flags|stream|time|short]
//	schema <id> [JSON] | ack <sequence> | end | hello
//	state <sinks> <key=value | -key>...
func frameOf(args []string) *frame.Frame {
	types := map[string]frame.Type{
		"batch": frame.Batch, "schema": frame.Schema, "ack": frame.Ack, "end": frame.End,
		"hello": frame.Hello, "state": frame.State, "garbage": frame.State,
	}
	f := &frame.Frame{Header: frame.Header{Type: types[args[0]]}}
	switch args[0] {
	case "batch":
		f.Sequence, f.Sinks = uint64(number(args[1])), sinks(args[2])
		f.Position, f.Count, f.Time = []byte(args[3]), uint32(number(args[4])), int64(number(args[1]))
		f.Payload = make([]byte, 13*f.Count)
		for _, oddity := range args[5:] {
			odd(f, oddity)
		}
	case "schema":
		f.Sequence, f.Payload = uint64(number(args[1])), []byte(strings.Join(append(args[2:], `{"row":{}}`)[:1], " "))
	case "ack":
		f.Sequence = uint64(number(args[1]))
	case "state":
		f.Sinks, f.Payload = sinks(args[1]), state(args[2:])
	case "garbage":
		f.Sinks = 1
		f.Payload = []byte{0xff}
	}
	return f
}

// odd makes a frame one that the protocol does not have.
func odd(f *frame.Frame, how string) {
	switch how {
	case "flags":
		f.Flags = 1
	case "stream":
		f.Stream = 1
	case "time":
		f.Time++
	case "short":
		f.Payload = f.Payload[1:]
	}
}

func state(args []string) []byte {
	msg := &leatv1.StateChange{Set: map[string][]byte{}}
	for _, a := range args {
		if k, v, set := strings.Cut(a, "="); set {
			msg.Set[k] = []byte(v)
		} else {
			msg.Removed = append(msg.Removed, strings.TrimPrefix(a, "-"))
		}
	}
	b, err := proto.Marshal(msg)
	if err != nil {
		panic(err)
	}
	return b
}

func (p *player) resume() []string {
	checkpoints, next := p.machine.Resume()
	out := []string{fmt.Sprint("next batch is ", next)}
	for i, c := range checkpoints {
		if c == nil {
			out = append(out, fmt.Sprintf("sink%d: new", i))
			continue
		}
		out = append(out, fmt.Sprintf("sink%d: at %s with %s", i, c.Position, pairs(c.State)))
	}
	return out
}

func oldest(b flow.OpenBatch) []string {
	if b == (flow.OpenBatch{}) {
		return []string{"none"}
	}
	return []string{fmt.Sprintf("batch %d since %d", b.Sequence, b.Since)}
}

func moved(entries []ledger.Entry) []string {
	var out []string
	for _, e := range entries {
		line := fmt.Sprintf("past batch %d to %s", e.Sequence, e.Position)
		for _, s := range e.State {
			if s.Value == nil {
				line += " -" + s.Key
			} else {
				line += fmt.Sprintf(" %s=%s", s.Key, s.Value)
			}
		}
		out = append(out, line)
	}
	return out
}

func effects(all []flow.Effect, err error) []string {
	var out []string
	for _, e := range all {
		if e.Release != nil {
			out = append(out, "release "+text(e.Release))
		} else {
			out = append(out, name(e.To)+" <- "+text(e.Frame))
		}
	}
	if err != nil {
		// The words of the protobuf library are not the same in all builds.
		text, _, _ := strings.Cut(err.Error(), ": proto:")
		out = append(out, "error: "+text)
	}
	return out
}

func text(f *frame.Frame) string {
	switch f.Type {
	case frame.Batch:
		return fmt.Sprintf("batch %d at %s, %d records", f.Sequence, f.Position, f.Count)
	case frame.State:
		var msg leatv1.StateChange
		if err := proto.Unmarshal(f.Payload, &msg); err != nil {
			return "state that is garbled"
		}
		return fmt.Sprintf("state %s -%v", pairs(msg.GetSet()), msg.GetRemoved())
	default:
		return fmt.Sprintf("%v %d", f.Type, f.Sequence)
	}
}

func pairs(m map[string][]byte) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"="+string(m[k]))
	}
	return fmt.Sprint(out)
}

func stage(s string) flow.Stage {
	switch s {
	case "source":
		return flow.Source
	case "transform":
		return flow.Transform
	}
	return flow.Sink(number(strings.TrimPrefix(s, "sink")))
}

func name(s flow.Stage) string {
	if s < flow.FirstSink {
		return [...]string{"source", "transform"}[s]
	}
	return fmt.Sprintf("sink%d", s-flow.FirstSink)
}

// sinks reads "0,1".
func sinks(s string) (set uint64) {
	if s == "none" {
		return 0
	}
	for _, i := range strings.Split(s, ",") {
		set |= 1 << number(i)
	}
	return set
}

func optional(args []string) *ledger.Checkpoint {
	if len(args) == 0 {
		return nil
	}
	return &ledger.Checkpoint{Position: []byte(args[0]), State: map[string][]byte{}}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}
