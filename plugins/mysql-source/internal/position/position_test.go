package position

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

const uuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562"

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		base string
		want string // what is left of it when rendered again
		err  string
	}{
		"OK gtid":             {`{"server":"` + uuid + `","gtid":"` + uuid + `:1-77","file":"binlog.000003","pos":990}`, "same", ""},
		"OK in a transaction": {`{"server":"` + uuid + `","gtid":"` + uuid + `:1-77","in":"` + uuid + `:78","file":"binlog.000003","pos":990}`, "same", ""},
		"OK empty set":        {`{"server":"` + uuid + `","gtid":"","file":"binlog.000003","pos":4}`, "same", ""},
		"OK file":             {`{"server":"` + uuid + `","file":"a.b.000003","pos":5000000000}`, "same", ""},
		"OK recognisable":     {`{"server":"` + uuid + `","gtid":"` + uuid + `:1-77","file":"binlog.000003","pos":990,"created":1764240000,"anchor":{"id":"` + uuid + `:77","pos":900,"time":1764240001000002}}`, "same", ""},
		"OK snapshot":         {`{"snapshot":true}`, "same", ""},
		"no JSON":             {`binlog.000003:4`, "", "invalid character"},
		"no place":            {`{"server":"` + uuid + `"}`, "", "names neither"},
		"no log file":         {`{"file":"binlog","pos":4}`, "", "does not end in a number"},
		"damaged set":         {`{"gtid":"` + uuid + `:9-1"}`, "", "interval"},
		"negative offset":     {`{"file":"binlog.000003","pos":-4}`, "", "cannot unmarshal"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Parse([]byte(tt.base))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.base, string(p.Base())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlace_Compare(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b Place
		want int
	}{
		"same":                 {Place{"b.000001", 4}, Place{"b.000001", 4}, 0},
		"offset":               {Place{"b.000001", 5}, Place{"b.000001", 4}, 1},
		"file before offset":   {Place{"b.000001", 5}, Place{"b.000002", 4}, -1},
		"number, not the text": {Place{"b.999999", 4}, Place{"b.1000000", 4}, -1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.a.Compare(tt.b); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestLogNumber(t *testing.T) {
	t.Parallel()
	if n, err := LogNumber("my.bin.000012"); n != 12 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if _, err := LogNumber("binlog.index"); !errors.Is(err, errFile) {
		t.Errorf("got %v, want %v", err, errFile)
	}
}

func TestWriter_rendersAsPositionDoes(t *testing.T) {
	t.Parallel()
	set, err := gtid.ParseSet(uuid + ":1-5:7")
	if err != nil {
		t.Fatal(err)
	}
	big, in := &gtid.Set{}, gtid.GTID{Source: gtid.Source{Tag: "blue"}, Number: 8}
	for n := int64(1); n < 20000; n += 2 {
		big.Add(gtid.GTID{Number: n}) // a text that outgrows its buffer
	}
	w := NewWriter(uuid)
	var last []byte
	var lastWant string
	for _, p := range []Position{
		{Server: uuid, Place: Place{"binlog.000001", 4}},
		{Server: uuid, GTID: set, Place: Place{"binlog.000001", 1 << 40}},
		{Server: uuid, GTID: big, In: &in, Place: Place{`odd"name.000002`, 4}},
		{Server: uuid, GTID: set, In: &in, Place: Place{"binlog.000003", 4}},
		{Server: uuid, GTID: set, Place: Place{"binlog.000003", 900}, Created: 1764240000, Anchor: &Anchor{ID: &in, Pos: 700, Time: 1764240001000002}},
		{Server: uuid, Place: Place{"binlog.000003", 900}, Anchor: &Anchor{Time: 1764240001000000}},
		{Server: uuid, GTID: &gtid.Set{}, Place: Place{"binlog.000003", 5}},
	} {
		name := ""
		if p.In != nil {
			name = p.In.String()
		}
		anchor := ""
		if p.Anchor != nil && p.Anchor.ID != nil {
			anchor = p.Anchor.ID.String()
		}
		got, want := w.Render(&p, name, anchor), string(p.Base())
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(lastWant, string(last)); diff != "" {
			t.Errorf("the text before has changed: %s", diff)
		}
		last, lastWant = got, want
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"server":"x","gtid":"` + uuid + `:1-77","file":"binlog.000003","pos":990}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Parse(b)
		if err != nil {
			return
		}
		if _, err := Parse(p.Base()); err != nil {
			t.Errorf("%q is rendered as %q: %v", b, p.Base(), err)
		}
	})
}
