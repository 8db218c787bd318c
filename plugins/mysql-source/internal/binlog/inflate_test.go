package binlog

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func squeezed(head, text string, size uint32) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	b.WriteByte(0x84)
	_ = binary.Write(&b, binary.BigEndian, size)
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.Bytes()
}

const (
	rowsHead   = "\x01\x00\x00\x00\x00\x00\x01\x00\x02\x03"
	updateHead = rowsHead + "\x03"
)

func TestInflater(t *testing.T) {
	t.Parallel()
	queryHead := string(binlogtest.Query(9, "db", "", []byte{1, 0, 0, 0, 0, 0, 0, 0, 0}))
	var in Inflater
	for i, tt := range []struct {
		from, to   replication.EventType
		head, text string
	}{
		{replication.MARIADB_WRITE_ROWS_COMPRESSED_EVENT_V1, replication.WRITE_ROWS_EVENTv1, rowsHead, "rows"},
		{replication.MARIADB_UPDATE_ROWS_COMPRESSED_EVENT_V1, replication.UPDATE_ROWS_EVENTv1, updateHead, "more rows, longer than the first"},
		{replication.MARIADB_DELETE_ROWS_COMPRESSED_EVENT_V1, replication.DELETE_ROWS_EVENTv1, rowsHead, ""},
		{replication.MARIADB_QUERY_COMPRESSED_EVENT, replication.QUERY_EVENT, queryHead, "CREATE TABLE t (a INT)"},
	} {
		e := &Event{Type: tt.from, Seconds: uint32(i), Body: squeezed(tt.head, tt.text, uint32(len(tt.text)))}
		got, err := in.Inflate(e)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.head+tt.text, string(got.Body)); diff != "" || got.Type != tt.to || got.Seconds != e.Seconds {
			t.Errorf("%v: %v %s", tt.from, got.Type, diff)
		}
	}
}

func TestInflater_errors(t *testing.T) {
	t.Parallel()
	write := replication.MARIADB_WRITE_ROWS_COMPRESSED_EVENT_V1
	tests := map[string]struct {
		typ  replication.EventType
		body []byte
		want error
	}{
		"another event":  {replication.XID_EVENT, nil, errInflate},
		"cut head":       {write, []byte(rowsHead)[:9], ErrDamaged},
		"no data":        {write, []byte(rowsHead), errInflate},
		"method":         {write, []byte(rowsHead + "\x91\x01"), errInflate},
		"cut size":       {write, []byte(rowsHead + "\x84\x01"), ErrDamaged},
		"too large":      {write, squeezed(rowsHead, "rows", 1<<31), ErrDamaged},
		"fewer bytes":    {write, squeezed(rowsHead, "rows", 5), ErrDamaged},
		"more bytes":     {write, squeezed(rowsHead, "rows", 3), ErrDamaged},
		"no zlib":        {write, []byte(rowsHead + "\x81\x01xxxx"), zlib.ErrHeader},
		"cut statement":  {replication.MARIADB_QUERY_COMPRESSED_EVENT, make([]byte, 12), ErrDamaged},
		"cut before row": {replication.MARIADB_UPDATE_ROWS_COMPRESSED_EVENT_V1, []byte(rowsHead), ErrDamaged},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var in Inflater
			if _, err := in.Inflate(&Event{Type: tt.typ, Body: tt.body}); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func FuzzInflate(f *testing.F) {
	f.Add(byte(0), squeezed(rowsHead, "rows", 4))
	f.Add(byte(1), squeezed(updateHead, "rows", 4))
	types := []replication.EventType{
		replication.MARIADB_WRITE_ROWS_COMPRESSED_EVENT_V1, replication.MARIADB_UPDATE_ROWS_COMPRESSED_EVENT_V1, replication.MARIADB_QUERY_COMPRESSED_EVENT,
	}
	f.Fuzz(func(_ *testing.T, typ byte, body []byte) {
		var in Inflater
		_, _ = in.Inflate(&Event{Type: types[int(typ)%len(types)], Body: body})
	})
}

// The metadata of COMPRESSED columns is read though the library does not know
// their types.
func TestTables_compressedColumns(t *testing.T) {
	t.Parallel()
	l := (&binlogtest.Log{}).Format(false)
	body := []byte("\x01\x00\x00\x00\x00\x00\x01\x00\x01d\x00\x01t\x00\x04\x03\x8c\x8d\x0f\x05\x02\xd1\x07\x28\x00\x0e")
	l.Event(replication.TABLE_MAP_EVENT, body)
	var tables Tables
	if err := tables.Format(events(t, l)[0]); err != nil {
		t.Fatal(err)
	}
	e := events(t, l)[1]
	m, _, err := tables.Map(e)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]byte{3, table.TypeBlobCompressed, table.TypeVarcharCompressed, 15}, m.ColumnType); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint16{0, 2, 2001, 40}, m.ColumnMeta); diff != "" {
		t.Error(diff)
	}
	if _, isNew, err := tables.Map(e); err != nil || isNew {
		t.Errorf("the same event is taken for another: %v", err)
	}
	n, err := m.Count(&Rows{Op: Insert, Columns: 4, First: []byte{15}, Data: []byte("\xf0\x01\x00\x00\x00\x01\x00x\x02\x00yy\x01z")})
	if err != nil || n != 1 {
		t.Errorf("counted %d rows, %v", n, err)
	}
}
