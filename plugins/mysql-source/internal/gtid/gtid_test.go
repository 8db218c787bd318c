package gtid

import (
	"errors"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/google/go-cmp/cmp"
)

const (
	u1 = "00000000-0000-0000-0000-000000000001"
	u2 = "ffffffff-ffff-ffff-ffff-ffffffffffff"
)

func set(t *testing.T, text string) *Set {
	t.Helper()
	s, err := ParseSet(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseSet(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text, want string
		err        error
	}{
		"OK empty":                      {"", "", nil},
		"OK one":                        {u1 + ":1", u1 + ":1", nil},
		"OK upper case and line breaks": {u2 + ":1-5,\n" + "00000000-0000-0000-0000-000000000001:7", u1 + ":7," + u2 + ":1-5", nil},
		"OK touching spans are joined":  {u1 + ":1-5:6-7:9", u1 + ":1-7:9", nil},
		"OK tags":                       {u1 + ":1-5:blue:2-3:7", u1 + ":1-5," + u1 + ":blue:2-3:7", nil},
		"no interval":                   {u1, "", errNotation},
		"tag without interval":          {u1 + ":blue", "", errNotation},
		"two tags in a row":             {u1 + ":blue:red:1", "", errNotation},
		"reversed":                      {u1 + ":5-1", "", errNotation},
		"zero":                          {u1 + ":0", "", errNotation},
		"no uuid":                       {"mysql-bin.000001:4", "", errNotation},
		"uuid with a bad digit":         {"0000000g-0000-0000-0000-000000000001:1", "", errNotation},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := ParseSet(tt.text)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got error %v, want %v", err, tt.err)
			}
			if err == nil {
				if diff := cmp.Diff(tt.want, s.String()); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestSet_Add(t *testing.T) {
	t.Parallel()
	s := set(t, u1+":1-3")
	src := Source{UUID: UUID{15: 1}}
	tests := []struct {
		number int64
		want   string
	}{
		{4, u1 + ":1-4"},
		{5, u1 + ":1-5"},
		{5, u1 + ":1-5"},
		{8, u1 + ":1-5:8"},
		{9, u1 + ":1-5:8-9"},
		{10, u1 + ":1-5:8-10"},
		{7, u1 + ":1-5:7-10"},
		{6, u1 + ":1-10"},
		{11, u1 + ":1-11"},
	}
	for _, tt := range tests {
		isNew := !s.Contains(GTID{src, tt.number})
		if got := s.Add(GTID{src, tt.number}); got != isNew {
			t.Errorf("Add(%d) = %v, want %v", tt.number, got, isNew)
		}
		if diff := cmp.Diff(tt.want, s.String()); diff != "" {
			t.Error(diff)
		}
	}
	s.Add(GTID{Source{UUID: src.UUID, Tag: "blue"}, 1})
	if diff := cmp.Diff(u1+":1-11,"+u1+":blue:1", s.String()); diff != "" {
		t.Error(diff)
	}
}

func TestSet_algebra(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ a, b, minus, and, or string }{
		"equal":           {u1 + ":1-5", u1 + ":1-5", "", u1 + ":1-5", u1 + ":1-5"},
		"hole":            {u1 + ":1-9", u1 + ":3-4:6", u1 + ":1-2:5:7-9", u1 + ":3-4:6", u1 + ":1-9"},
		"overlap":         {u1 + ":1-5", u1 + ":4-9", u1 + ":1-3", u1 + ":4-5", u1 + ":1-9"},
		"other server":    {u1 + ":1-5", u2 + ":1-5", u1 + ":1-5", "", u1 + ":1-5," + u2 + ":1-5"},
		"tag is a source": {u1 + ":1-5", u1 + ":x:1-5", u1 + ":1-5", "", u1 + ":1-5," + u1 + ":x:1-5"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := set(t, tt.a), set(t, tt.b)
			or := a.Clone()
			or.Union(b)
			got := []string{a.Subtract(b).String(), a.Intersect(b).String(), or.String()}
			if diff := cmp.Diff([]string{tt.minus, tt.and, tt.or}, got); diff != "" {
				t.Error(diff)
			}
			if !or.Includes(a) || !or.Includes(b) || a.Includes(b) != a.Intersect(b).Includes(b) {
				t.Error("Includes disagrees with the algebra")
			}
			if diff := cmp.Diff(tt.a, a.String()); diff != "" {
				t.Errorf("operand changed: %s", diff)
			}
		})
	}
}

func TestSet_AppendBinary_isWhatTheLibraryReads(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", u1 + ":1-5:9", u1 + ":1-5," + u2 + ":3", u1 + ":1-5," + u1 + ":blue:7-8"} {
		got, err := mysql.DecodeMysqlGTIDSet(set(t, text).AppendBinary(nil))
		if err != nil && text != "" {
			t.Fatal(err)
		}
		want, err := mysql.ParseMysqlGTIDSet(text)
		if err != nil {
			t.Fatal(err)
		}
		if text == "" {
			continue
		}
		if !want.Equal(got) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	g, err := Parse(u1 + ":blue:7")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(u1+":blue:7", g.String()); diff != "" {
		t.Error(diff)
	}
	if _, err := Parse(u1 + ":1-2"); !errors.Is(err, errNotation) {
		t.Errorf("a span is no GTID: got %v", err)
	}
}

func FuzzParseSet(f *testing.F) {
	f.Add(u1 + ":1-5:9," + u2 + ":tag:1")
	f.Add(":")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSet(text)
		if err != nil {
			return
		}
		again, err := ParseSet(s.String())
		if err != nil || again.String() != s.String() {
			t.Errorf("%q is read back as %v, %v", s, again, err)
		}
	})
}

func BenchmarkSet_AddAndRender(b *testing.B) {
	s, _ := ParseSet(u1 + ":1-1000000," + u2 + ":1-55555")
	buf := make([]byte, 0, 256)
	b.ReportAllocs()
	for n := int64(1000001); b.Loop(); n++ {
		s.Add(GTID{Source{UUID: UUID{15: 1}}, n})
		buf = s.AppendText(buf[:0])
	}
}

func TestSet_Count(t *testing.T) {
	t.Parallel()
	const a, b = "aaaaaaaa-0000-0000-0000-000000000000", "bbbbbbbb-0000-0000-0000-000000000000"
	for text, want := range map[string]uint64{"": 0, a + ":7": 1, a + ":1-3:5:7-9, " + b + ":1-2:blue:1-10": 19} {
		set, err := ParseSet(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Count(); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
