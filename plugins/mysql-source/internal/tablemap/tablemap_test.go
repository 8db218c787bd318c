package tablemap_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/tablemap"
)

const definition = `CREATE TABLE t (
  id INT UNSIGNED NOT NULL DEFAULT 3, y YEAR, s VARCHAR(2) CHARACTER SET latin1 INVISIBLE COMMENT 'c', b BLOB, p POINT,
  e ENUM('a','ü') CHARACTER SET latin1 DEFAULT 'ü', f FLOAT(7,3), PRIMARY KEY (id), UNIQUE KEY u (s), KEY i (y))`

// event is what the server writes of that table.
func event() *replication.TableMapEvent {
	return &replication.TableMapEvent{
		Schema: []byte("d"), Table: []byte("t"), ColumnCount: 7,
		ColumnType: []byte{
			mysql.MYSQL_TYPE_LONG, mysql.MYSQL_TYPE_YEAR, mysql.MYSQL_TYPE_VARCHAR, mysql.MYSQL_TYPE_BLOB, mysql.MYSQL_TYPE_GEOMETRY,
			mysql.MYSQL_TYPE_STRING, mysql.MYSQL_TYPE_FLOAT,
		},
		ColumnMeta:       []uint16{0, 0, 2, 2, 4, uint16(mysql.MYSQL_TYPE_ENUM)<<8 | 1, 4},
		NullBitmap:       []byte{0b1111110},
		SignednessBitmap: []byte{0b11000000},
		DefaultCharset:   []uint64{8, 1, 63}, EnumSetDefaultCharset: []uint64{8},
		ColumnName:       [][]byte{[]byte("id"), []byte("y"), []byte("s"), []byte("b"), []byte("p"), []byte("e"), []byte("f")},
		EnumStrValue:     [][][]byte{{[]byte("a"), []byte("\xfc")}},
		GeometryType:     []uint64{1},
		VisibilityBitmap: []byte{0b11011110}, PrimaryKey: []uint64{0}, PrimaryKeyPrefix: []uint64{0},
	}
}

func define(t *testing.T, sql string) *table.Table {
	t.Helper()
	def, err := ddl.ParseTable("d", sql, ddl.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	return def
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sql    string
		change func(*replication.TableMapEvent)
		want   string
	}{
		"OK":                      {definition, nil, ""},
		"OK a MINIMAL event":      {strings.NewReplacer("PRIMARY KEY (id)", "UNIQUE KEY k (id)").Replace(definition), func(m *replication.TableMapEvent) { m.ColumnName, m.PrimaryKey = nil, nil }, ""},
		"type":                    {definition, func(m *replication.TableMapEvent) { m.ColumnType[0] = mysql.MYSQL_TYPE_LONGLONG }, `column 1 "id": type defined INT`},
		"name":                    {definition, func(m *replication.TableMapEvent) { m.ColumnName[1] = []byte("z") }, `column 2 "y": name defined y, in the event z`},
		"label that is not ASCII": {definition, func(m *replication.TableMapEvent) { m.EnumStrValue[0][1] = []byte("\xe4") }, `column 6 "e": label 2 defined ü, in the event ä`},
		"label that was lost":     {strings.ReplaceAll(definition, "ü", "?"), nil, `column 6 "e": label 2 defined ?, in the event ü`},
		"geometry":                {definition, func(m *replication.TableMapEvent) { m.GeometryType[0] = 3 }, `column 5 "p": type defined POINT, in the event POLYGON`},
		"other key":               {definition, func(m *replication.TableMapEvent) { m.PrimaryKey = []uint64{1} }, "primary key: columns [0] defined, [1] in the event"},
		"no key":                  {definition, func(m *replication.TableMapEvent) { m.PrimaryKey = nil }, "primary key: columns [0] defined, none in the event"},
		"OK a key of a part":      {strings.NewReplacer("PRIMARY KEY (id), UNIQUE KEY u (s)", "UNIQUE KEY u (id, b(3))", "b BLOB", "b BLOB NOT NULL").Replace(definition), func(m *replication.TableMapEvent) { m.PrimaryKey, m.NullBitmap = nil, []byte{0b1110110} }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := event()
			if tt.change != nil {
				tt.change(m)
			}
			err := tablemap.Check(define(t, tt.sql), m)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, table.ErrMismatch) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// What the event has is taken from it, the rest from where the column fits.
func TestDefine(t *testing.T) {
	t.Parallel()
	alone := strings.NewReplacer(" DEFAULT 3", "", " COMMENT 'c'", "", " DEFAULT 'ü'", "", "FLOAT(7,3)", "FLOAT", ", UNIQUE KEY u (s), KEY i (y)", "").Replace(definition)
	const narrow = "CREATE TABLE t (e ENUM('a','ü') CHARACTER SET latin1 DEFAULT 'ü', y YEAR DEFAULT 2001, id INT UNSIGNED NOT NULL, f DOUBLE(7,3), PRIMARY KEY (id, x), KEY i (y), KEY gone (x), x INT)"
	tests := map[string]struct {
		known     []string
		want      string
		fromAlone string
	}{
		"nothing known":                      {nil, alone, "id y s b p e f"},
		"all known":                          {[]string{definition}, definition, ""},
		"the first known that fits":          {[]string{narrow, definition}, "CREATE TABLE t (id INT UNSIGNED NOT NULL, y YEAR DEFAULT 2001, s VARCHAR(2) CHARACTER SET latin1 INVISIBLE COMMENT 'c', b BLOB, p POINT, e ENUM('a','ü') CHARACTER SET latin1 DEFAULT 'ü', f FLOAT(7,3), KEY i (y), PRIMARY KEY (id))", ""},
		"some known, another key":            {[]string{narrow}, "CREATE TABLE t (id INT UNSIGNED NOT NULL, y YEAR DEFAULT 2001, s VARCHAR(2) CHARACTER SET latin1 INVISIBLE, b BLOB, p POINT, e ENUM('a','ü') CHARACTER SET latin1 DEFAULT 'ü', f FLOAT, KEY i (y), PRIMARY KEY (id))", "s b p f"},
		"a key whose column may be NULL now": {[]string{strings.NewReplacer("PRIMARY KEY (id)", "PRIMARY KEY (id, y)").Replace(definition)}, strings.NewReplacer("y YEAR", "y YEAR", ", UNIQUE KEY u (s), KEY i (y)", ", UNIQUE KEY u (s), KEY i (y)").Replace(definition), "y"},
		"another table of that name":         {[]string{"CREATE TABLE t (q INT PRIMARY KEY)"}, alone, "id y s b p e f"},
		"labels that were lost before":       {[]string{strings.ReplaceAll(definition, "ü", "?")}, strings.Replace(definition, " DEFAULT 'ü'", "", 1), "e"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var known []tablemap.Known
			for _, sql := range tt.known {
				known = append(known, tablemap.Known{Table: define(t, sql), Origin: "before"})
			}
			known = append(known, tablemap.Known{Table: &table.Table{Charset: "utf8mb4"}}, tablemap.Known{Origin: "none"})
			d, err := tablemap.Define(event(), true, known...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(define(t, tt.want), d.Table); diff != "" {
				t.Error(diff)
			}
			if got := strings.Join(d.Columns[tablemap.OriginEvent], " "); got != tt.fromAlone {
				t.Errorf("%q are of the event alone, want %q", got, tt.fromAlone)
			}
		})
	}
}

func TestDefine_errors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mariaDB bool
		change  func(*replication.TableMapEvent)
		want    string
	}{
		"no names":          {false, func(m *replication.TableMapEvent) { m.ColumnName = nil }, "does not name the columns"},
		"unknown type":      {false, func(m *replication.TableMapEvent) { m.ColumnType[1] = 140 }, `table d.t: column 2 "y": number 140: type that is not known here`},
		"unknown collation": {false, func(m *replication.TableMapEvent) { m.DefaultCharset[0] = 9999 }, `table d.t: column 3 "s": number 9999: collation that is not known here`},
		"no collations":     {false, func(m *replication.TableMapEvent) { m.DefaultCharset = nil }, "collation that is not known here"},
		"odd length":        {false, func(m *replication.TableMapEvent) { m.ColumnMeta[3] = 5 }, "length of 5 bytes"},
		"label of bytes": {false, func(m *replication.TableMapEvent) {
			m.EnumStrValue[0][0], m.EnumSetDefaultCharset[0] = []byte{0xe9}, 63
		}, `label "\xe9": bytes that are no characters in binary`},
		"functional index": {false, func(m *replication.TableMapEvent) { m.ColumnName[1] = []byte("!hidden!i!0!0") }, `"!hidden!i!0!0": column that the server may have added`},
		"versioned table":  {true, func(m *replication.TableMapEvent) { m.ColumnName[1] = []byte("row_start") }, `"row_start": column that the server may have added`},
		"long unique key":  {true, func(m *replication.TableMapEvent) { m.ColumnName[1] = []byte("DB_ROW_HASH_1") }, `"DB_ROW_HASH_1": column that the server may have added`},
		"UUID": {true, func(m *replication.TableMapEvent) {
			m.ColumnType[2], m.ColumnMeta[2], m.DefaultCharset = mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_STRING)<<8|16, []uint64{63}
		}, `column 3 "s": BINARY(16), UUID, INET6 or INET4: type that the log does not tell from others`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := event()
			tt.change(m)
			if _, err := tablemap.Define(m, tt.mariaDB); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
