package name

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColumns(t *testing.T) {
	t.Parallel()
	in := []string{"id", "we ird", "1st", "", "_PARTITION", "_table_x", "_CHANGE_TYPES", "__root__", "ü", "_leat_op", "a.b"}
	want := []string{"id", "we_ird", "x1st", "x", "x_PARTITION", "x_table_x", "x_CHANGE_TYPES", "x__root__", "_", "_leat_op", "a_b"}
	got, err := Columns(in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	for name, tt := range map[string]struct {
		in   []string
		want string
	}{
		"differing by case": {[]string{"a", "b", "A"}, `columns "a" and "A" have the same name in BigQuery, "A"`},
		"made alike":        {[]string{"a b", "a.b"}, `columns "a b" and "a.b" have the same name`},
		"too long":          {[]string{strings.Repeat("x", 301)}, "has a name of 301 bytes, BigQuery takes 300"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Columns(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		template Template
		from     Source
		want     string
		err      string
	}{
		"OK":                      {"{database}_{table}", Source{"prefix.shop.orders", "shop", "orders"}, "shop_orders", ""},
		"a table with a dot":      {"{database}_{table}", Source{"p.bq.tbl.dot", "bq", "tbl.dot"}, "bq_tbl_dot", ""},
		"a database with a dot":   {"{database}", Source{"p.a.b.c", "a.b", "c"}, "a_b", ""},
		"the topic":               {"t_{topic}", Source{"a.b-c", "", ""}, "t_a_b_c", ""},
		"a name":                  {"fixed", Source{"a.b", "", ""}, "fixed", ""},
		"an unknown table":        {"{table}", Source{"p.shop.orders", "", ""}, "", `messages of topic "p.shop.orders" do not say of which table they are, which "{table}" asks for: use {topic} instead`},
		"an unknown database":     {"{database}", Source{"p.shop.orders", "", ""}, "", "do not say of which table"},
		"a name that is too long": {"{topic}", Source{strings.Repeat("x", 1025), "", ""}, "", `gives a name of 1025 bytes by "{topic}", BigQuery takes 1 to 1024: name it otherwise by a rule for the topic`},
		"a name that is empty":    {"{database}", Source{"t", "", "t"}, "", "table ``.`t` gives a name of 0 bytes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := tt.template.Validate(); err != nil {
				t.Fatal(err)
			}
			got, err := tt.template.Of(tt.from)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want %q in it", err, tt.err)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	for _, bad := range []Template{"", "{x}", "{table", "table}"} {
		if bad.Validate() == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
