package table_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func ptr[T any](v T) *T { return &v }

// sample has every kind of fact that the stored form must keep.
func sample() *table.Table {
	return &table.Table{
		Database: "db", Name: "t", Charset: "utf8mb4", Collation: "utf8mb4_bin", Comment: "c",
		Columns: []table.Column{
			{Name: "id", Type: "BIGINT", Declared: "SERIAL", Length: table.Unset, Scale: table.Unset, Unsigned: true, AutoIncrement: true},
			{Name: "e", Type: "CHAR", Length: 0, Scale: table.Unset, Nullable: true, Charset: "utf8mb4", Collation: "utf8mb4_bin"},
			{Name: "d", Type: "DECIMAL", Length: 10, Scale: 0, Zerofill: true, Default: &table.Default{Kind: table.DefaultText, Text: "1"}},
			{Name: "v", Type: "SET", Length: table.Unset, Scale: table.Unset, Invisible: true, Generated: table.Stored, Values: []string{"a", "b"}},
			{Name: "p", Type: "POINT", Length: table.Unset, Scale: table.Unset, SRID: ptr(uint32(0)), Comment: "x"},
		},
		Indexes: []table.Index{{Name: "PRIMARY", Unique: true, Parts: []table.Part{{Column: "id"}}}, {Name: "f", Special: "FULLTEXT", Parts: []table.Part{{}, {Column: "e", Prefix: 3}}}},
		Key:     []int{0},
	}
}

func TestNameStateKey(t *testing.T) {
	t.Parallel()
	seen := map[string]table.Name{}
	for _, n := range []table.Name{
		{Database: "a", Table: "b.c"}, {Database: "a.b", Table: "c"}, {Database: "a%2Eb", Table: "c"}, {Database: "a", Table: "%2Eb.c"}, {Database: "a.", Table: "b.c"}, {Database: "a", Table: ".b.c"},
	} {
		if other, ok := seen[n.StateKey()]; ok {
			t.Errorf("%q of %+v and of %+v", n.StateKey(), other, n)
		}
		seen[n.StateKey()] = n
	}
	if got := (table.Name{Database: "shop", Table: "orders"}).StateKey(); got != "shop.orders" {
		t.Errorf("got %s", got)
	}
}

func TestTableStoredForm(t *testing.T) {
	t.Parallel()
	want := sample()
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got table.Table
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, &got); diff != "" {
		t.Error(diff)
	}
	const id = `{"name":"id","type":"BIGINT","declared":"SERIAL","unsigned":true,"auto_increment":true}`
	if one, err := json.Marshal(want.Columns[0]); err != nil || string(one) != id {
		t.Errorf("got %s, %v; want %s", one, err, id)
	}
	if err := json.Unmarshal([]byte(`{"columns":[{"length":"x"}]}`), &got); err == nil {
		t.Error("a length that is no number was taken")
	}
}

func TestTableCloneAndEqual(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*table.Table){
		"name":      func(t *table.Table) { t.Name = "x" },
		"column":    func(t *table.Table) { t.Columns[1].Nullable = false },
		"label":     func(t *table.Table) { t.Columns[3].Values[0] = "x" },
		"default":   func(t *table.Table) { t.Columns[2].Default.Text = "2" },
		"srid":      func(t *table.Table) { *t.Columns[4].SRID = 1 },
		"index":     func(t *table.Table) { t.Indexes[1].Parts[1].Prefix = 4 },
		"key":       func(t *table.Table) { t.Key[0] = 1 },
		"no column": func(t *table.Table) { t.Columns = t.Columns[:4] },
	}
	for behaviour, change := range changes {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			original, clone := sample(), sample().Clone()
			if !original.Equal(clone) {
				t.Fatal("a clone differs")
			}
			copied := clone.Clone()
			change(copied)
			if clone.Equal(copied) {
				t.Error("the change is not seen")
			}
			if diff := cmp.Diff(original, clone); diff != "" {
				t.Errorf("the change reached the table it was cloned from: %s", diff)
			}
		})
	}
	t.Run("nil", func(t *testing.T) {
		t.Parallel()
		var none *table.Table
		if none.Equal(sample()) || !none.Equal(nil) {
			t.Error("nil is equal to nil alone")
		}
	})
	t.Run("empty is nil", func(t *testing.T) {
		t.Parallel()
		a, b := &table.Table{}, &table.Table{Columns: []table.Column{}, Indexes: []table.Index{}, Key: []int{}}
		if !a.Equal(b) {
			t.Error("empty and nil differ")
		}
	})
}

func TestTableRekey(t *testing.T) {
	t.Parallel()
	unique := func(name string, columns ...string) table.Index {
		x := table.Index{Name: name, Unique: true}
		for _, c := range columns {
			x.Parts = append(x.Parts, table.Part{Column: c})
		}
		return x
	}
	prefixed := unique("p", "a")
	prefixed.Parts[0].Prefix = 2
	tests := map[string]struct {
		indexes []table.Index
		key     []int
		order   []string
	}{
		"primary key":          {[]table.Index{unique("u", "a"), unique("PRIMARY", "c", "a")}, []int{2, 0}, []string{"PRIMARY", "u"}},
		"first unique":         {[]table.Index{unique("u", "a"), unique("v", "c")}, []int{0}, []string{"u", "v"}},
		"not nullable":         {[]table.Index{unique("u", "b"), unique("v", "b", "c"), unique("w", "C")}, []int{2}, []string{"w", "u", "v"}},
		"whole before partial": {[]table.Index{prefixed, unique("u", "c")}, []int{2}, []string{"u", "p"}},
		"partial identifies":   {[]table.Index{prefixed}, []int{0}, []string{"p"}},
		"functional does not":  {[]table.Index{unique("f", ""), {Name: "k", Parts: []table.Part{{Column: "a"}}}}, nil, []string{"k", "f"}},
		"full text is last":    {[]table.Index{{Name: "f", Special: "FULLTEXT", Parts: []table.Part{{Column: "a"}}}, {Name: "k", Parts: []table.Part{{Column: "a"}}}}, nil, []string{"k", "f"}},
		"unknown column":       {[]table.Index{unique("u", "x")}, nil, []string{"u"}},
		"no index":             {nil, nil, nil},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			def := &table.Table{Indexes: tt.indexes, Columns: []table.Column{{Name: "a", Length: 9}, {Name: "b", Nullable: true}, {Name: "c"}}}
			def.Rekey()
			var order []string
			for _, x := range def.Indexes {
				order = append(order, x.Name)
			}
			if diff := cmp.Diff(tt.key, def.Key); diff != "" {
				t.Errorf("key: %s", diff)
			}
			if diff := cmp.Diff(tt.order, order); diff != "" {
				t.Errorf("order: %s", diff)
			}
		})
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		collation, charset string
		ok                 bool
	}{
		"new name":  {"utf8mb4_0900_ai_ci", "utf8mb4", true},
		"old name":  {"UTF8_general_ci", "utf8mb3", true},
		"binary":    {"binary", "binary", true},
		"uncharset": {"uca1400_ai_ci", "uca1400", false},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			if got, ok := table.CollationCharset(tt.collation); got != tt.charset || ok != tt.ok {
				t.Errorf("got %s, %t; want %s, %t", got, ok, tt.charset, tt.ok)
			}
		})
	}
	for id, want := range map[uint64]string{
		8: "latin1", 33: "utf8mb3", 63: "binary", 255: "utf8mb4", 309: "utf8mb4", 9999: "",
		576: "utf8mb3", 608: "utf8mb4", 672: "utf16", 1069: "utf8mb4", 1032: "latin1", 1024: "", 2048: "utf8mb3", 2304: "utf8mb4", 2816: "utf16", 3271: "utf32",
	} {
		if got, _ := table.CollationIDCharset(id); got != want {
			t.Errorf("collation %d: got %q, want %q", id, got, want)
		}
	}
	if c, ok := table.LookupCharset("UTF8"); !ok || c.MaxBytes != 3 || c.Collation != "utf8mb3_general_ci" {
		t.Errorf("got %+v, %t", c, ok)
	}
}
