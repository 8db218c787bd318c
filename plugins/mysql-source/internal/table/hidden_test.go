package table_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func typesOf(nullable byte, codes ...byte) *replication.TableMapEvent {
	m := &replication.TableMapEvent{ColumnCount: uint64(len(codes)), ColumnType: codes, NullBitmap: []byte{nullable}}
	for _, c := range codes {
		m.ColumnMeta = append(m.ColumnMeta, map[byte]uint16{15: 40, 17: 6, 252: 2}[c])
	}
	return m
}

func named(m *replication.TableMapEvent, key []uint64, names ...string) *replication.TableMapEvent {
	for _, n := range names {
		m.ColumnName = append(m.ColumnName, []byte(n))
	}
	m.PrimaryKey = key
	return m
}

// Hidden columns are expected behind the others, as many as the definition
// explains and no more.
func TestCheck_hiddenColumns(t *testing.T) {
	t.Parallel()
	id := table.Column{Name: "id", Type: "INT", Length: table.Unset, Scale: table.Unset}
	long := table.Column{Name: "t", Type: "TEXT", Length: table.Unset, Scale: table.Unset, Charset: "utf8mb4", Nullable: true}
	unique := []table.Index{{Name: "t", Unique: true, Parts: []table.Part{{Column: "t"}}}}
	prefix := []table.Index{{Name: "t", Unique: true, Parts: []table.Part{{Column: "t", Prefix: 9}}}}
	versioned := &table.Table{Columns: []table.Column{id}, Key: []int{0}, Versioned: true}
	hashed := &table.Table{Columns: []table.Column{id, long}, Key: []int{0}, Indexes: unique}
	both := &table.Table{Columns: []table.Column{id, long}, Key: []int{0}, Indexes: unique, Versioned: true}
	tests := map[string]struct {
		table *table.Table
		event *replication.TableMapEvent
		fits  bool
	}{
		"period":                        {versioned, typesOf(0, 3, 17, 17), true},
		"period by name":                {versioned, named(typesOf(0, 3, 17, 17), []uint64{0, 2}, "id", "row_start", "row_end"), true},
		"times of another name":         {versioned, named(typesOf(0, 3, 17, 17), []uint64{0, 2}, "id", "a", "b"), false},
		"period is no part of the key":  {versioned, named(typesOf(0, 3, 17, 17), []uint64{0}, "id", "row_start", "row_end"), false},
		"no period":                     {versioned, typesOf(0, 3), false},
		"period of a table without":     {&table.Table{Columns: []table.Column{id}}, typesOf(0, 3, 17, 17), false},
		"hash":                          {hashed, typesOf(6, 3, 252, 8), true},
		"hash by name":                  {hashed, named(typesOf(6, 3, 252, 8), []uint64{0}, "id", "t", "DB_ROW_HASH_1"), true},
		"a column more":                 {hashed, named(typesOf(6, 3, 252, 8), []uint64{0}, "id", "t", "n"), false},
		"a hash that is not NULL":       {hashed, typesOf(2, 3, 252, 8), false},
		"hash of a column NOT NULL":     {&table.Table{Columns: []table.Column{id, {Name: "t", Type: "BLOB", Length: table.Unset, Scale: table.Unset}}, Indexes: unique}, typesOf(0, 3, 252, 8), true},
		"no hash":                       {hashed, typesOf(2, 3, 252), true},
		"more hashes than unique keys":  {hashed, typesOf(14, 3, 252, 8, 8), false},
		"a hash of the first bytes":     {&table.Table{Columns: []table.Column{id, long}, Indexes: prefix}, typesOf(6, 3, 252, 8), false},
		"hash behind the period":        {both, typesOf(0x12, 3, 252, 17, 17, 8), true},
		"hash in front of the period":   {both, typesOf(6, 3, 252, 8, 17, 17), false},
		"a BIGINT more, without unique": {&table.Table{Columns: []table.Column{id, long}}, typesOf(6, 3, 252, 8), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := table.Check(tt.table, tt.event); (err == nil) != tt.fits || err != nil && !errors.Is(err, table.ErrMismatch) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The end of the period, which the server adds to unique keys, tells no current
// rows apart.
func TestRekey_withoutThePeriod(t *testing.T) {
	t.Parallel()
	def := &table.Table{Versioned: true, Columns: []table.Column{{Name: "id"}, {Name: "e", Type: "TIMESTAMP", Length: 6, Period: table.RowEnd}}, Indexes: []table.Index{
		{Name: "PRIMARY", Unique: true, Parts: []table.Part{{Column: "id"}, {Column: "e"}}}, {Name: "e", Parts: []table.Part{{Column: "e"}}},
	}}
	def.Rekey()
	if !slices.Equal(def.Key, []int{0}) || len(def.Indexes[0].Parts) != 1 || len(def.Indexes[1].Parts) != 1 || def.RowEndColumn() != 1 {
		t.Errorf("key %v of %v", def.Key, def.Indexes)
	}
}

func TestAppendINET6(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"::": "::", "::1": "::1", "1::": "1::", "2001:db8:0:0:1:0:0:1": "2001:db8::1:0:0:1", "1:0:2:3:4:5:6:7": "1::2:3:4:5:6:7",
		"::ffff:1.2.3.4": "::ffff:1.2.3.4", "::1.2.3.4": "::1.2.3.4", "fe80::1:0:0": "fe80::1:0:0", "::ffff:0:0": "::ffff:0.0.0.0",
	} {
		b, err := table.ParseAddress("INET6", &table.Default{Kind: table.DefaultText, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(table.AppendINET6(nil, [16]byte(b))); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestParseAddress_errors(t *testing.T) {
	t.Parallel()
	for text, typ := range map[string]string{"1.2.3": "INET4", "1.2.3.256": "INET4", "1.2.3.4": "INET6", "fe80::1%eth0": "INET6", "123e4567": "UUID", "x23e4567-e89b-12d3-a456-426655440000": "UUID"} {
		if b, err := table.ParseAddress(typ, &table.Default{Kind: table.DefaultText, Text: text}); err == nil {
			t.Errorf("%s %s: got %x", typ, text, b)
		}
	}
}
