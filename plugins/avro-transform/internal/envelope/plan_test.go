package envelope_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hamba/avro/v2"

	"github.com/leat-io/leat/plugins/avro-transform/internal/debezium"
	"github.com/leat-io/leat/plugins/avro-transform/internal/envelope"
	"github.com/leat-io/leat/plugins/avro-transform/internal/row"
	"github.com/leat-io/leat/sdk"
	leatavro "github.com/leat-io/leat/sdk/avro"
)

var (
	rows = &sdk.RowSchema{
		Database: "inventory", Table: "customers", Key: []int{0},
		Columns: []sdk.Column{
			{Name: "id", Type: sdk.Long, Native: sdk.NativeType{Name: "BIGINT"}},
			{Name: "si", Type: sdk.Int, Nullable: true, Default: json.RawMessage("3"), Native: sdk.NativeType{Name: "INT"}},
			{Name: "v", Type: sdk.String, Nullable: true, Native: sdk.NativeType{Name: "VARCHAR"}},
		},
	}
	fields = []string{"id", "si", "v"}
)

var now = time.Unix(0, 1_700_000_001_234_567_890)

func compile(t testing.TB) *envelope.Plan {
	t.Helper()
	p, err := envelope.Compile(envelope.Settings{Row: rows, Fields: fields, Name: "dbserver1", KeyID: 7, ValueID: 0x01020304})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func record(id int64, v string) []byte {
	w := leatavro.NewWriter(32)
	w.WriteLong(id)
	w.WriteLong(1) // si is null, which comes second because the column has a default
	w.WriteLong(1)
	w.WriteString(v)
	return w.Buffer()
}

func change() sdk.Change {
	return sdk.Change{
		Op: sdk.Update, Offset: 1 << 33, Row: 5, Key: []byte{2}, Before: record(1, "a"), After: record(1, "b"),
		Origin: &sdk.Origin{Time: 1_600_000_000_654_321, Transaction: "u:5", Log: "binlog.7", Server: 4_000_000_000, Thread: 9, Query: "UPDATE"},
	}
}

// valueOf is the value that a new writer makes of a change.
func valueOf(p *envelope.Plan, c *sdk.Change) []byte {
	return envelope.NewWriter(now).AppendValue(nil, p, c, c.Op, c.Before, c.After)
}

// decode reads a value with the schema that readers get.
func decode(t *testing.T, b []byte) map[string]any {
	t.Helper()
	if diff := cmp.Diff([]byte{0, 1, 2, 3, 4}, b[:5]); diff != "" {
		t.Fatalf("header: %s", diff)
	}
	table, err := debezium.NewTable(rows, "dbserver1.inventory.customers", fields)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := avro.ParseBytesWithCache(table.Envelope(), "", &avro.SchemaCache{})
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := avro.Unmarshal(schema, b[5:], &v); err != nil {
		t.Fatal(err)
	}
	again, err := avro.Marshal(schema, v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(again, b[5:]); diff != "" {
		t.Errorf("bytes differ from those of the library: %s", diff)
	}
	return v
}

func TestValue(t *testing.T) {
	t.Parallel()
	full := func() map[string]any {
		return map[string]any{
			"version": "3.6.1.Final", "connector": "mysql", "name": "dbserver1", "ts_ms": int64(1_600_000_000_654),
			"snapshot": "false", "db": "inventory", "sequence": nil, "ts_us": int64(1_600_000_000_654_321),
			"ts_ns": int64(1_600_000_000_654_321_000), "table": "customers", "server_id": int64(4_000_000_000),
			"gtid": "u:5", "file": "binlog.7", "pos": int64(1 << 33), "row": 5, "thread": int64(9), "query": "UPDATE",
		}
	}
	image := func(v string) map[string]any {
		return map[string]any{"dbserver1.inventory.customers.Value": map[string]any{"id": int64(1), "si": nil, "v": v}}
	}
	tests := map[string]struct {
		edit func(*sdk.Change)
		want func(want, source map[string]any)
	}{
		"OK": {func(*sdk.Change) {}, func(_, _ map[string]any) {}},
		"a snapshot knows no transaction": {
			func(c *sdk.Change) {
				c.Op, c.Before, c.Snapshot = sdk.Read, nil, sdk.SnapshotLastInTable
				c.Origin = &sdk.Origin{Log: "binlog.7"}
			},
			func(want, s map[string]any) {
				want["op"], want["before"] = "r", nil
				s["snapshot"], s["gtid"], s["thread"], s["query"] = "last_in_data_collection", nil, nil, nil
				s["server_id"], s["ts_ms"], s["ts_us"], s["ts_ns"] = int64(0), int64(0), int64(0), int64(0)
			},
		},
		"a time before 1970 is rounded down": {
			func(c *sdk.Change) { c.Origin.Time = -1 },
			func(_, s map[string]any) { s["ts_ms"], s["ts_us"], s["ts_ns"] = int64(-1), int64(-1), int64(-1000) },
		},
		"a delete": {
			func(c *sdk.Change) { c.Op, c.After = sdk.Delete, nil },
			func(want, _ map[string]any) { want["op"], want["after"] = "d", nil },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := change()
			source := full()
			want := map[string]any{
				"before": image("a"), "after": image("b"), "source": source, "transaction": nil, "op": "u",
				"ts_ms": now.UnixMilli(), "ts_us": now.UnixMicro(), "ts_ns": now.UnixNano(),
			}
			tt.edit(&c)
			tt.want(want, source)
			p := compile(t)
			if err := p.Check(&c); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, decode(t, valueOf(p, &c))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSnapshotMarks(t *testing.T) {
	t.Parallel()
	want := []string{"false", "true", "first", "first_in_data_collection", "last_in_data_collection", "last", "incremental"}
	p := compile(t)
	for mark, word := range want {
		c := change()
		c.Snapshot = sdk.Snapshot(mark)
		if got := decode(t, valueOf(p, &c))["source"].(map[string]any)["snapshot"]; got != word {
			t.Errorf("%d: got %v, want %s", mark, got, word)
		}
	}
}

func TestAppendKey(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]byte{9, 0, 0, 0, 0, 7, 2}, compile(t).AppendKey([]byte{9}, []byte{2})); diff != "" {
		t.Error(diff)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		edit func(*sdk.Change)
		want error
	}{
		"OK":                         {func(*sdk.Change) {}, nil},
		"OK with another key":        {func(c *sdk.Change) { c.OldKey = []byte{4} }, nil},
		"unknown operation":          {func(c *sdk.Change) { c.Op = 'x' }, envelope.ErrChange},
		"unknown snapshot mark":      {func(c *sdk.Change) { c.Snapshot = 99 }, envelope.ErrChange},
		"row number out of range":    {func(c *sdk.Change) { c.Row = 1 << 31 }, envelope.ErrChange},
		"offset out of range":        {func(c *sdk.Change) { c.Offset = 1 << 63 }, envelope.ErrChange},
		"no key":                     {func(c *sdk.Change) { c.Key = nil }, envelope.ErrChange},
		"a truncate with a key":      {func(c *sdk.Change) { c.Op, c.Before, c.After = sdk.Truncate, nil, nil }, envelope.ErrChange},
		"an old key of a delete":     {func(c *sdk.Change) { c.Op, c.After, c.OldKey = sdk.Delete, nil, []byte{4} }, envelope.ErrChange},
		"an update without an after": {func(c *sdk.Change) { c.After = nil }, envelope.ErrChange},
		"a create with a before":     {func(c *sdk.Change) { c.Op = sdk.Create }, envelope.ErrChange},
		"a delete with an after":     {func(c *sdk.Change) { c.Op = sdk.Delete }, envelope.ErrChange},
		"a short before":             {func(c *sdk.Change) { c.Before = c.Before[:3] }, row.ErrRow},
		"a long after":               {func(c *sdk.Change) { c.After = append(c.After, 0) }, row.ErrRow},
		"a bad key":                  {func(c *sdk.Change) { c.Key = []byte{2, 2} }, row.ErrRow},
		"a bad old key":              {func(c *sdk.Change) { c.OldKey = []byte{} }, row.ErrRow},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := change()
			tt.edit(&c)
			if err := compile(t).Check(&c); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestCompileFails(t *testing.T) {
	t.Parallel()
	strange := *rows
	strange.Columns = []sdk.Column{{Name: "a", Type: "strange"}}
	badKey := *rows
	badKey.Key = []int{3}
	for name, r := range map[string]*sdk.RowSchema{"on an unknown type": &strange, "on a key without a column": &badKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := envelope.Compile(envelope.Settings{Row: r, Fields: fields}); !errors.Is(err, row.ErrRow) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// FuzzValue proves that what Check lets through is read by the readers' schema.
func FuzzValue(f *testing.F) {
	c := change()
	f.Add(byte(c.Op), c.Key, c.Before, c.After, byte(0))
	f.Add(byte(sdk.Delete), c.Key, c.Before, []byte{}, byte(2))
	f.Add(byte(sdk.Truncate), []byte{}, []byte{}, []byte{}, byte(0))
	p := compile(f)
	table, err := debezium.NewTable(rows, "dbserver1.inventory.customers", fields)
	if err != nil {
		f.Fatal(err)
	}
	schema, err := avro.ParseBytesWithCache(table.Envelope(), "", &avro.SchemaCache{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, op byte, key, before, after []byte, snapshot byte) {
		c := change()
		c.Op, c.Snapshot = sdk.Op(op), sdk.Snapshot(snapshot)
		c.Key, c.Before, c.After = orNil(key), orNil(before), orNil(after)
		if p.Check(&c) != nil {
			return
		}
		b := valueOf(p, &c)
		r := leatavro.NewReader(b[5:])
		var v any
		r.ReadVal(schema, &v)
		if r.Error != nil {
			t.Errorf("%v in % x", r.Error, b)
		}
		if got := v.(map[string]any)["op"]; got != string(rune(op)) {
			t.Errorf("got op %v", got)
		}
	})
}

func orNil(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}
