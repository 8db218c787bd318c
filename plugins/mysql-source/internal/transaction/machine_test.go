package transaction

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// servers stand for their uuids in transcripts.
var servers = strings.NewReplacer("A:", "aaaaaaaa-0000-0000-0000-000000000000:", "B:", "bbbbbbbb-0000-0000-0000-000000000000:")

var shorten = strings.NewReplacer("aaaaaaaa-0000-0000-0000-000000000000", "A", "bbbbbbbb-0000-0000-0000-000000000000", "B", `{"server":"A",`, "{")

// TestMachine_transcripts plays testdata/*.txt: lines of events up to ----, then
// what the machine says to each. A line "sink …" adds a sink before "start …".
func TestMachine_transcripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, _, _ := strings.Cut(string(text), "----\n")
			got := script + "----\n" + play(t, script)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(text), got); diff != "" && !*update {
				t.Error(diff)
			}
		})
	}
}

func play(t *testing.T, script string) string {
	t.Helper()
	var out bytes.Buffer
	var sinks []Progress
	var m *Machine
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		args := parseArgs(t, line)
		switch args.verb {
		case "sink":
			sinks = append(sinks, Progress{Done: args.position(), Skip: args.rows})
			continue
		case "start":
			p := args.position()
			m = New(Start{Server: "A", Executed: p.GTID, Place: p.Place, Sinks: sinks, Ignore: args.ignore})
			fmt.Fprintf(&out, "start: %s\n", shorten.Replace(base(t, m)))
			continue
		}
		if args.verb == "created" {
			m.Created(int64(args.at))
			fmt.Fprintf(&out, "%s: %s\n", line, shorten.Replace(base(t, m)))
			continue
		}
		if switched, ok := args.goBy(m); ok {
			fmt.Fprintf(&out, "%s: %v %s\n", line, switched, shorten.Replace(base(t, m)))
			continue
		}
		if args.verb == "moved" {
			m.Moved("B")
			fmt.Fprintf(&out, "%s: %s\n", line, base(t, m))
			continue
		}
		effect, err := m.Step(args.event())
		fmt.Fprintf(&out, "%s: %s", line, effect)
		if err != nil {
			fmt.Fprintf(&out, " %s\n", shorten.Replace(err.Error()))
			break
		}
		if effect == Opened {
			sinks, whole := m.Need()
			fmt.Fprintf(&out, " need=%b whole=%v", sinks, whole)
		}
		if args.verb == "rows" {
			fmt.Fprintf(&out, " need=")
			for i := m.Rows() - args.rows; i < m.Rows(); i++ {
				fmt.Fprintf(&out, "%b ", m.NeedRow(i))
			}
		}
		if effect != None || args.verb == "reconnect" {
			fmt.Fprintf(&out, " %s", shorten.Replace(base(t, m)))
		}
		fmt.Fprintln(&out)
	}
	return out.String()
}

// base is what goes to the Writer, which must be what goes to the log.
func base(t *testing.T, m *Machine) string {
	t.Helper()
	got := string(m.Base())
	if diff := cmp.Diff(string(m.Position().Base()), got); diff != "" {
		t.Error(diff)
	}
	return got
}

// args of a line: key=value, or a flag.
type args struct {
	verb     string
	set      *gtid.Set
	in       *gtid.GTID
	id       gtid.GTID
	place    position.Place
	rows     uint64
	at       uint64
	captured bool
	ignore   func(gtid.UUID) bool
}

func parseArgs(t *testing.T, line string) *args {
	t.Helper()
	words := strings.Fields(line)
	a := &args{verb: words[0]}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		var err error
		switch key {
		case "set":
			a.set, err = gtid.ParseSet(servers.Replace(value))
		case "in":
			a.in = new(gtid.GTID)
			*a.in, err = gtid.Parse(servers.Replace(value))
		case "id":
			a.id, err = gtid.Parse(servers.Replace(value))
		case "place":
			file, pos, _ := strings.Cut(value, ":")
			a.place.File = "log." + file
			a.place.Pos, err = strconv.ParseUint(pos, 10, 64)
		case "at":
			a.at, err = strconv.ParseUint(value, 10, 64)
		case "n", "skip":
			a.rows, err = strconv.ParseUint(value, 10, 64)
		case "captured":
			a.captured = true
		case "ignoreB":
			a.ignore = func(u gtid.UUID) bool { return u[0] == 0xbb }
		default:
			err = fmt.Errorf("unknown key %q", key)
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	return a
}

func (a *args) position() position.Position {
	return position.Position{Server: "A", GTID: a.set, In: a.in, Place: a.place}
}

// goBy has the machine go by something else, if that is what the line says.
func (a *args) goBy(m *Machine) (switched, ok bool) {
	switch a.verb {
	case "byfile":
		return m.ByFile(), true
	case "bygtid":
		return m.ByGTID(a.set), true
	}
	return false, false
}

func (a *args) event() *Event {
	return &Event{
		Kind: Kind(slices.Index(kinds[:], a.verb)), Place: a.place, Start: a.at, End: a.at + 10, Time: int64(a.at) + 1e6,
		ID: a.id, Rows: a.rows, Captured: a.captured,
	}
}

func TestMachine_errors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		events []Event
		want   error
	}{
		"OK a group of nobody's rows may be undone": {[]Event{{Kind: GTID}, {Kind: Begin}, {Kind: Rows, Rows: 1}, {Kind: Rollback}}, nil},
		"ErrXA":                        {[]Event{{Kind: GTID}, {Kind: BeginXA}, {Kind: Rows, Rows: 1, Captured: true}}, ErrXA},
		"ErrRolledBack":                {[]Event{{Kind: GTID}, {Kind: Begin}, {Kind: Rows, Rows: 1, Captured: true}, {Kind: Rollback}}, ErrRolledBack},
		"ErrRolledBack to a savepoint": {[]Event{{Kind: GTID}, {Kind: Begin}, {Kind: Rows, Rows: 1, Captured: true}, {Kind: RollbackTo}}, ErrRolledBack},
		"ErrUnfinished":                {[]Event{{Kind: GTID}, {Kind: Begin}, {Kind: Rows, Rows: 1, Captured: true}, {Kind: Rotate}}, ErrUnfinished},
		"ErrUnfinished by a restart":   {[]Event{{Kind: GTID}, {Kind: Begin}, {Kind: Rows, Rows: 1, Captured: true}, {Kind: Restart}}, ErrUnfinished},
		"ErrAnonymous":                 {[]Event{{Kind: Anonymous}}, ErrAnonymous},
		"ErrAnonymous without any":     {[]Event{{Kind: Begin}}, ErrAnonymous},
		"ErrAnonymous statement":       {[]Event{{Kind: Statement}}, ErrAnonymous},
		"ErrOrder rows":                {[]Event{{Kind: GTID}, {Kind: Rows, Rows: 1}}, ErrOrder},
		"ErrOrder commit":              {[]Event{{Kind: GTID}, {Kind: Commit}}, ErrOrder},
		"ErrOrder gtid":                {[]Event{{Kind: GTID}, {Kind: GTID}}, ErrOrder},
		"ErrOrder begin":               {[]Event{{Kind: GTID}, {Kind: Begin}, {Kind: Begin}}, ErrOrder},
		"ErrOrder rollback":            {[]Event{{Kind: Rollback}}, ErrOrder},
		"ErrOrder unknown kind":        {[]Event{{Kind: 99}}, ErrOrder},
		"ErrSkip":                      {[]Event{{Kind: GTID, ID: gtid.GTID{Number: 7}}, {Kind: Begin}, {Kind: Rows, Rows: 2}, {Kind: Commit}}, ErrSkip},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := gtid.GTID{Number: 7}
			m := New(Start{Executed: &gtid.Set{}, Sinks: []Progress{{Done: position.Position{GTID: &gtid.Set{}, In: &in}, Skip: 3}}})
			var err error
			for i := range tt.events {
				if err != nil {
					t.Fatalf("event %d came after %v", i, err)
				}
				_, err = m.Step(&tt.events[i])
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}
