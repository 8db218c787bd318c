package filter

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func TestFilter_Table(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		include, exclude Patterns
		db, table        string
		want             bool
	}{
		"OK everything":                        {Patterns{}, Patterns{}, "shop", "orders", true},
		"but not the server's own":             {Patterns{}, Patterns{}, "mysql", "user", false},
		"not even if named":                    {Patterns{Tables: []string{`mysql\.user`}}, Patterns{}, "mysql", "user", false},
		"included table":                       {Patterns{Tables: []string{`a\.b`, `shop\.o.*`}}, Patterns{}, "shop", "orders", true},
		"another case":                         {Patterns{Tables: []string{`Shop\.Orders`}}, Patterns{}, "shop", "orders", true},
		"part of the name is not enough":       {Patterns{Tables: []string{`shop\.order`}}, Patterns{}, "shop", "orders", false},
		"nor is it with an alternative":        {Patterns{Tables: []string{`x|shop\.order`}}, Patterns{}, "shop", "orders", false},
		"excluded table":                       {Patterns{}, Patterns{Tables: []string{`shop\.orders`}}, "shop", "orders", false},
		"exclusion counts more than inclusion": {Patterns{Tables: []string{`shop\..*`}}, Patterns{Tables: []string{`.*\.orders`}}, "shop", "orders", false},
		"other database":                       {Patterns{Databases: []string{`shop`}}, Patterns{}, "shop2", "orders", false},
		"excluded database":                    {Patterns{}, Patterns{Databases: []string{`sho.`}}, "shop", "orders", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := New(tt.include, tt.exclude)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Table(table.Name{Database: tt.db, Table: tt.table}); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFilter_Columns(t *testing.T) {
	t.Parallel()
	orders := table.Name{Database: "shop", Table: "orders"}
	f, err := New(Patterns{}, Patterns{})
	if err != nil || f.Columns(orders) != nil {
		t.Fatalf("no patterns take all columns: %v", err)
	}
	if f, err = New(Patterns{}, Patterns{Columns: []string{`shop\..*\.(card|cvc)`}}); err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]bool{"id": true, "card": false, "CVC": false, "card2": true} {
		if got := f.Columns(orders)(column); got != want {
			t.Errorf("%s: got %v, want %v", column, got, want)
		}
	}
}

func TestNew_reportsEveryBadPattern(t *testing.T) {
	t.Parallel()
	_, err := New(Patterns{Tables: []string{"ok", "("}}, Patterns{Columns: []string{"*"}})
	for _, want := range []string{"include.tables[1]", `"("`, "exclude.columns[0]", `"*"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestFilter_Rank(t *testing.T) {
	t.Parallel()
	f, err := New(Patterns{Tables: []string{`shop\.b.*`, `shop\..*`}}, Patterns{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"b1": 0, "B2": 0, "a": 1} {
		if got := f.Rank(table.Name{Database: "shop", Table: name}); got != want {
			t.Errorf("rank of %s is %d, want %d", name, got, want)
		}
	}
	all, err := New(Patterns{}, Patterns{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := all.Rank(table.Name{Table: "a"}), all.Rank(table.Name{Table: "b"}); a != b {
		t.Errorf("ranks %d and %d without patterns, want the same", a, b)
	}
}
