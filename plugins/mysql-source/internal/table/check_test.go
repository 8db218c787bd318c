package table_test

import (
	"errors"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func column(typ string, length, scale int) table.Column {
	return table.Column{Name: "c", Type: typ, Length: length, Scale: scale}
}

func text(typ string, length int, charset string) table.Column {
	c := column(typ, length, table.Unset)
	c.Charset = charset
	return c
}

func labels(typ string, n int) table.Column {
	c := text(typ, table.Unset, "latin1")
	c.Values = make([]string, n)
	return c
}

// TestCheckTypes pairs each type with what the server writes for it; each pair
// must fit, and no column may fit the event of the next one.
func TestCheckTypes(t *testing.T) {
	t.Parallel()
	const none = table.Unset
	pairs := []struct {
		column table.Column
		code   byte
		meta   uint16
	}{
		{column("TINYINT", none, none), mysql.MYSQL_TYPE_TINY, 0},
		{column("SMALLINT", none, none), mysql.MYSQL_TYPE_SHORT, 0},
		{column("MEDIUMINT", none, none), mysql.MYSQL_TYPE_INT24, 0},
		{column("INT", none, none), mysql.MYSQL_TYPE_LONG, 0},
		{column("BIGINT", none, none), mysql.MYSQL_TYPE_LONGLONG, 0},
		{column("FLOAT", 7, 4), mysql.MYSQL_TYPE_FLOAT, 4},
		{column("DOUBLE", none, none), mysql.MYSQL_TYPE_DOUBLE, 8},
		{column("DECIMAL", 10, 2), mysql.MYSQL_TYPE_NEWDECIMAL, 10<<8 | 2},
		{column("DECIMAL", 10, 3), mysql.MYSQL_TYPE_NEWDECIMAL, 10<<8 | 3},
		{column("BIT", 1, none), mysql.MYSQL_TYPE_BIT, 1},
		{column("BIT", 64, none), mysql.MYSQL_TYPE_BIT, 8 << 8},
		{column("YEAR", none, none), mysql.MYSQL_TYPE_YEAR, 0},
		{column("DATE", none, none), mysql.MYSQL_TYPE_DATE, 0},
		{column("TIME", 6, none), mysql.MYSQL_TYPE_TIME2, 6},
		{column("DATETIME", 0, none), mysql.MYSQL_TYPE_DATETIME2, 0},
		{column("DATETIME", 3, none), mysql.MYSQL_TYPE_DATETIME2, 3},
		{column("TIMESTAMP", 0, none), mysql.MYSQL_TYPE_TIMESTAMP2, 0},
		{text("CHAR", 3, "utf8mb4"), mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_STRING)<<8 | 12},
		{text("CHAR", 255, "utf8mb4"), mysql.MYSQL_TYPE_STRING, 0xce<<8 | 0xfc},
		{text("CHAR", 255, "latin1"), mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_STRING)<<8 | 255},
		{column("BINARY", 4, none), mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_STRING)<<8 | 4},
		{text("VARCHAR", 64, "utf8mb4"), mysql.MYSQL_TYPE_VARCHAR, 256},
		{text("VARCHAR", 64, "utf8mb3"), mysql.MYSQL_TYPE_VARCHAR, 192},
		{column("VARBINARY", 8, none), mysql.MYSQL_TYPE_VARCHAR, 8},
		{text("TINYTEXT", none, "latin1"), mysql.MYSQL_TYPE_BLOB, 1},
		{text("TEXT", none, "latin1"), mysql.MYSQL_TYPE_BLOB, 2},
		{column("MEDIUMBLOB", none, none), mysql.MYSQL_TYPE_BLOB, 3},
		{column("LONGBLOB", none, none), mysql.MYSQL_TYPE_BLOB, 4},
		{column("JSON", none, none), mysql.MYSQL_TYPE_JSON, 4},
		{column("POINT", none, none), mysql.MYSQL_TYPE_GEOMETRY, 4},
		{column("VECTOR", 3, none), mysql.MYSQL_TYPE_VECTOR, 4},
		{labels("ENUM", 255), mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_ENUM)<<8 | 1},
		{labels("ENUM", 256), mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_ENUM)<<8 | 2},
		{labels("SET", 8), mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_SET)<<8 | 1},
		{labels("SET", 33), mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_SET)<<8 | 8},
	}
	for i, p := range pairs {
		def := &table.Table{Columns: []table.Column{p.column}}
		event := func(code byte, meta uint16) *replication.TableMapEvent {
			return &replication.TableMapEvent{ColumnCount: 1, ColumnType: []byte{code}, ColumnMeta: []uint16{meta}}
		}
		if err := table.Check(def, event(p.code, p.meta)); err != nil {
			t.Errorf("%s: %v", p.column.Type, err)
		}
		other := pairs[(i+1)%len(pairs)]
		if err := table.Check(def, event(other.code, other.meta)); !errors.Is(err, table.ErrMismatch) {
			t.Errorf("%s(%d) fits the event of %s(%d)", p.column.Type, p.column.Length, other.column.Type, other.column.Length)
		}
	}
	old := &table.Table{Columns: []table.Column{column("DATETIME", 0, none)}}
	if err := table.Check(old, &replication.TableMapEvent{ColumnCount: 1, ColumnType: []byte{mysql.MYSQL_TYPE_DATETIME}, ColumnMeta: []uint16{0}}); err != nil {
		t.Errorf("a DATETIME of an old table: %v", err)
	}
	unknown := &table.Table{Columns: []table.Column{column("XMLTYPE", none, none)}}
	if err := table.Check(unknown, &replication.TableMapEvent{ColumnCount: 1, ColumnType: []byte{mysql.MYSQL_TYPE_STRING}, ColumnMeta: []uint16{0xfe10}}); err != nil {
		t.Errorf("a type that is not known here: %v", err)
	}
}

// full is an event with all optional metadata, and the table that it fits.
func full() (*table.Table, *replication.TableMapEvent) {
	def := &table.Table{Database: "db", Name: "t", Key: []int{0}, Columns: []table.Column{
		{Name: "id", Type: "INT", Length: table.Unset, Scale: table.Unset, Unsigned: true},
		{Name: "y", Type: "YEAR", Length: table.Unset, Scale: table.Unset, Nullable: true},
		{Name: "v", Type: "VECTOR", Length: 3, Scale: table.Unset, Nullable: true},
		{Name: "s", Type: "VARCHAR", Length: 1, Scale: table.Unset, Charset: "latin1", Nullable: true, Invisible: true},
		{Name: "b", Type: "BLOB", Length: table.Unset, Scale: table.Unset, Nullable: true},
		{Name: "e", Type: "ENUM", Length: table.Unset, Scale: table.Unset, Charset: "utf8mb4", Values: []string{"a", "ü"}, Nullable: true},
	}}
	event := &replication.TableMapEvent{
		ColumnCount: 6,
		ColumnType: []byte{
			mysql.MYSQL_TYPE_LONG, mysql.MYSQL_TYPE_YEAR, mysql.MYSQL_TYPE_VECTOR, mysql.MYSQL_TYPE_VARCHAR, mysql.MYSQL_TYPE_BLOB, mysql.MYSQL_TYPE_STRING,
		},
		ColumnMeta:       []uint16{0, 0, 4, 1, 2, uint16(mysql.MYSQL_TYPE_ENUM)<<8 | 1},
		NullBitmap:       []byte{0b111110},
		SignednessBitmap: []byte{0b11000000},
		DefaultCharset:   []uint64{63, 1, 8}, EnumSetDefaultCharset: []uint64{255},
		ColumnName:       [][]byte{[]byte("id"), []byte("y"), []byte("v"), []byte("s"), []byte("b"), []byte("e")},
		EnumStrValue:     [][][]byte{{[]byte("a"), []byte("ü")}},
		VisibilityBitmap: []byte{0b11101100}, PrimaryKey: []uint64{0},
	}
	return def, event
}

func TestCheckMetadata(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		if err := table.Check(full()); err != nil {
			t.Error(err)
		}
	})
	const prefix = "table db.t: the definition does not fit the event: "
	tests := map[string]struct {
		change func(*table.Table, *replication.TableMapEvent)
		want   string
	}{
		"number of columns": {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns = d.Columns[:5] }, "5 columns defined, 6 in the event"},
		"type":              {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[0].Type = "BIGINT" }, `column 1 "id": type defined BIGINT, in the event type 3 with metadata 0x0000`},
		"size":              {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[3].Length = 2 }, `column 4 "s": size defined VARCHAR(2) latin1, in the event type 15 with metadata 0x0001`},
		"nullable":          {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[0].Nullable = true }, `column 1 "id": nullable defined true, in the event false`},
		"sign":              {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[0].Unsigned = false }, `column 1 "id": unsigned defined false, in the event true`},
		"name":              {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[4].Name = "x" }, `column 5 "x": name defined x, in the event b`},
		"number of labels":  {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[5].Values = []string{"a"} }, `column 6 "e": labels defined 1, in the event 2`},
		"label":             {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[5].Values[0] = "b" }, `column 6 "e": label 1 defined b, in the event a`},
		"character set":     {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[3].Charset = "latin2" }, `column 4 "s": character set defined latin2, in the event latin1`},
		"set of labels":     {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[5].Charset = "latin1" }, `column 6 "e": character set defined latin1, in the event utf8mb4`},
		"bytes or text": {func(_ *table.Table, e *replication.TableMapEvent) {
			e.DefaultCharset = nil
			e.ColumnCharset = []uint64{63, 8, 8}
		}, `column 5 "b": character set defined binary, in the event latin1`},
		"visibility":  {func(d *table.Table, _ *replication.TableMapEvent) { d.Columns[3].Invisible = false }, `column 4 "s": invisible defined false, in the event true`},
		"primary key": {func(d *table.Table, _ *replication.TableMapEvent) { d.Key = []int{0, 1} }, "primary key: columns [0 1] defined, [0] in the event"},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			def, event := full()
			tt.change(def, event)
			err := table.Check(def, event)
			if !errors.Is(err, table.ErrMismatch) || err.Error() != prefix+tt.want {
				t.Errorf("got %v, want %s", err, prefix+tt.want)
			}
		})
	}
}
