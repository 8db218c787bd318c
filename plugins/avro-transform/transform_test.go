package main

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hamba/avro/v2"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
	leatavro "github.com/leat-io/leat/sdk/avro"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// items is a table with a key of two columns, one of which is text.
var items = &sdk.RowSchema{
	Database: "shop", Table: "items", Key: []int{0, 1},
	Columns: []sdk.Column{
		{Name: "id", Type: sdk.Int, Native: sdk.NativeType{Name: "INT", Length: -1, Scale: -1}},
		{Name: "kind", Type: sdk.String, Native: sdk.NativeType{Name: "VARCHAR", Length: 8, Scale: -1}},
		{Name: "n", Type: sdk.Long, Nullable: true, Default: json.RawMessage("7"), Native: sdk.NativeType{Name: "BIGINT", Length: -1, Scale: -1}},
	},
}

var origin = sdk.Origin{
	Time: 1_700_000_000_123_456, Transaction: "gtid:1", Log: "binlog.000003", Epoch: 2, LogNumber: 3,
	Server: 11, Thread: 42,
}

func encode(fill func(w *leatavro.Writer)) []byte {
	w := leatavro.NewWriter(64)
	fill(w)
	return w.Buffer()
}

func itemKey(id int32, kind string) []byte {
	return encode(func(w *leatavro.Writer) { w.WriteInt(id); w.WriteString(kind) })
}

// item is a row; the value of n has index 0, because the column has a default.
func item(id int32, kind string, n int64) []byte {
	return encode(func(w *leatavro.Writer) { w.WriteInt(id); w.WriteString(kind); w.WriteLong(0); w.WriteLong(n) })
}

func settings(r *registrytest.Server, change map[string]any) map[string]any {
	c := map[string]any{"topic_prefix": "p", "registry": map[string]any{"urls": []string{r.URL}}}
	for k, v := range change {
		c[k] = v
	}
	return c
}

func newPlugin() *sdk.Plugin { return sdk.NewTransform(info, DefaultConfig, New) }

// write sends changes of a table, all of one transaction.
func write(row *sdk.RowSchema, changes ...sdk.Change) func(*sdk.Writer) error {
	return func(w *sdk.Writer) error {
		id, err := w.Schema(row)
		if err != nil {
			return err
		}
		w.Origin(&origin)
		for i := range changes {
			changes[i].Schema = id
			if err := w.Change(&changes[i], sdk.Position{Base: []byte("here"), Skip: uint64(i)}); err != nil {
				return err
			}
		}
		return nil
	}
}

// view is what a message says, without what differs between runs.
type view struct {
	Topic   string
	Key     any
	Value   any
	Order   [4]uint64
	Headers []string
}

func views(t *testing.T, r result) []view {
	t.Helper()
	if r.failure != nil {
		t.Fatalf("failed: %s", r.failure.GetMessage())
	}
	out := make([]view, len(r.messages))
	for i, m := range r.messages {
		out[i] = view{Topic: m.Target.Topic, Order: m.Order}
		out[i].Key = decode(t, r.schemas[m.Target.KeySchema], m.Key)
		out[i].Value = decode(t, r.schemas[m.Target.ValueSchema], m.Value)
		for _, h := range m.Headers {
			if h.Key == headerRunID {
				h.Value = []byte("…")
			}
			out[i].Headers = append(out[i].Headers, h.Key+"="+string(h.Value))
		}
		if v, ok := out[i].Value.(map[string]any); ok {
			if v["ts_ms"] != m.Time {
				t.Errorf("envelope was made at %v, message at %v", v["ts_ms"], m.Time)
			}
			out[i].Value = map[string]any{"op": v["op"], "before": v["before"], "after": v["after"]}
		}
	}
	return out
}

func decode(t *testing.T, s *sdk.MessageSchema, b []byte) any {
	t.Helper()
	if b == nil {
		return nil
	}
	if s == nil {
		t.Fatal("schema was not announced")
	}
	if b[0] != 0 || int32(binary.BigEndian.Uint32(b[1:])) != s.Registered {
		t.Fatalf("message begins with % x, want schema %d", b[:5], s.Registered)
	}
	parsed, err := avro.ParseBytesWithCache(s.Avro, "", &avro.SchemaCache{})
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := avro.Unmarshal(parsed, b[5:], &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func value(id int, kind string, n int64) any {
	return map[string]any{"p.shop.items.Value": map[string]any{"id": id, "kind": kind, "n": n}}
}

var context4 = []string{
	"__debezium.context.connectorLogicalName=p", "__debezium.context.taskId=0",
	"__debezium.context.connectorName=mysql", "__debezium.context.runId=…",
}

func TestTransform(t *testing.T) {
	t.Parallel()
	key := map[string]any{"id": 1, "kind": `a"b`}
	other := map[string]any{"id": 2, "kind": "b"}
	bytes1, bytes2 := itemKey(1, `a"b`), itemKey(2, "b")
	row1, row2 := item(1, `a"b`, 5), item(2, "b", 6)
	value1, value2 := value(1, `a"b`, 5), value(2, "b", 6)
	update := sdk.Change{Op: sdk.Update, Offset: 500, Row: 4, Key: bytes2, OldKey: bytes1, Before: row1, After: row2}
	envelope := func(op string, before, after any) any {
		return map[string]any{"op": op, "before": before, "after": after}
	}
	tests := map[string]struct {
		config map[string]any
		change sdk.Change
		want   []view
	}{
		"a create": {
			change: sdk.Change{Op: sdk.Create, Offset: 500, Row: 1, Key: bytes1, After: row1},
			want:   []view{{"p.shop.items", key, envelope("c", nil, value1), [4]uint64{2, 3, 500, 3}, context4}},
		},
		"a snapshot's read": {
			change: sdk.Change{Op: sdk.Read, Snapshot: sdk.SnapshotTrue, Key: bytes1, After: row1},
			want:   []view{{"p.shop.items", key, envelope("r", nil, value1), [4]uint64{2, 3, 0, 1}, context4}},
		},
		"an update": {
			change: sdk.Change{Op: sdk.Update, Key: bytes2, Before: row2, After: row2},
			want:   []view{{"p.shop.items", other, envelope("u", value2, value2), [4]uint64{2, 3, 0, 1}, context4}},
		},
		"an update without a before": {
			change: sdk.Change{Op: sdk.Update, Key: bytes2, After: row2},
			want:   []view{{"p.shop.items", other, envelope("u", nil, value2), [4]uint64{2, 3, 0, 1}, context4}},
		},
		"an update of the key is a delete, a tombstone and a create": {
			change: update,
			want: []view{
				{"p.shop.items", key, envelope("d", value1, nil), [4]uint64{2, 3, 500, 8}, append([]string{`__debezium.newkey={"id":2,"kind":"b"}`}, context4...)},
				{"p.shop.items", key, nil, [4]uint64{2, 3, 500, 8}, append([]string{`__debezium.newkey={"id":2,"kind":"b"}`}, context4...)},
				{"p.shop.items", other, envelope("c", nil, value2), [4]uint64{2, 3, 500, 9}, append([]string{`__debezium.oldkey={"id":1,"kind":"a\"b"}`}, context4...)},
			},
		},
		"an update of the key with its own headers only": {
			config: map[string]any{"headers": "key_change", "tombstones": false},
			change: update,
			want: []view{
				{"p.shop.items", key, envelope("d", value1, nil), [4]uint64{2, 3, 500, 8}, []string{`__debezium.newkey={"id":2,"kind":"b"}`}},
				{"p.shop.items", other, envelope("c", nil, value2), [4]uint64{2, 3, 500, 9}, []string{`__debezium.oldkey={"id":1,"kind":"a\"b"}`}},
			},
		},
		"an update of the key without headers": {
			config: map[string]any{"headers": "none", "tombstones": false},
			change: update,
			want: []view{
				{"p.shop.items", key, envelope("d", value1, nil), [4]uint64{2, 3, 500, 8}, nil},
				{"p.shop.items", other, envelope("c", nil, value2), [4]uint64{2, 3, 500, 9}, nil},
			},
		},
		"a delete and its tombstone": {
			change: sdk.Change{Op: sdk.Delete, Key: bytes1, Before: row1},
			want: []view{
				{"p.shop.items", key, envelope("d", value1, nil), [4]uint64{2, 3, 0, 1}, context4},
				{"p.shop.items", key, nil, [4]uint64{2, 3, 0, 1}, context4},
			},
		},
		"a truncate has no key": {
			change: sdk.Change{Op: sdk.Truncate, Offset: 9},
			want:   []view{{"p.shop.items", nil, envelope("t", nil, nil), [4]uint64{2, 3, 9, 1}, context4}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			transform := start(t, newPlugin(), settings(r, tt.config))
			got := views(t, pipe(t, transform, write(items, tt.change)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTransformWithoutKey(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	transform := start(t, newPlugin(), settings(r, nil))
	row := *items
	row.Key = nil
	got := pipe(t, transform, write(&row, sdk.Change{Op: sdk.Delete, Before: item(1, "a", 5)}))
	if len(views(t, got)) != 2 || got.messages[0].Key != nil || got.messages[1].Key != nil || got.messages[1].Value != nil {
		t.Errorf("got %+v", got.messages)
	}
	if diff := cmp.Diff([]string{"POST /subjects/p.shop.items-value/versions"}, r.Requests()); diff != "" {
		t.Error(diff)
	}
}

func TestTransformFails(t *testing.T) {
	t.Parallel()
	clash := *items
	clash.Columns = append([]sdk.Column{}, items.Columns...)
	clash.Columns = append(clash.Columns, sdk.Column{Name: "a-b", Type: sdk.Int}, sdk.Column{Name: "a b", Type: sdk.Int})
	tests := map[string]struct {
		row    *sdk.RowSchema
		change sdk.Change
		answer int
		want   []string
	}{
		"on a row that does not fit": {
			items,
			sdk.Change{Op: sdk.Create, Offset: 77, Key: itemKey(1, "a"), After: []byte{2, 9}},
			0,
			[]string{"table shop.items, binlog.000003 at 77, row 0", `field "kind"`, "a mistake of the source plugin: report it"},
		},
		"on a create without a row": {
			items, sdk.Change{Op: sdk.Create, Key: itemKey(1, "a")}, 0, []string{`operation 'c' has before=false, after=false`},
		},
		"on two columns of one name": {
			&clash, sdk.Change{Op: sdk.Truncate}, 0, []string{"table shop.items", `columns "a-b" and "a b"`, "avro_unicode"},
		},
		"on an incompatible schema": {
			items,
			sdk.Change{Op: sdk.Truncate},
			http.StatusConflict,
			[]string{"table shop.items", `"p.shop.items-key"`, "reader says no", "compatibility level is BACKWARD", "PUT /config/p.shop.items-key"},
		},
		"on wrong credentials": {
			items, sdk.Change{Op: sdk.Truncate}, http.StatusUnauthorized, []string{"table shop.items", "registry.password"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			if tt.answer != 0 {
				r.Override(func(w http.ResponseWriter, req *http.Request) bool {
					if req.Method == http.MethodPost {
						registrytest.Fail(w, tt.answer, tt.answer, "reader says no")
					}
					return req.Method == http.MethodPost
				})
			}
			got := pipe(t, start(t, newPlugin(), settings(r, nil)), write(tt.row, tt.change))
			if got.failure == nil || got.failure.GetKind() != leatv1.FailureKind_FAILURE_KIND_PERMANENT {
				t.Fatalf("got %v, want a permanent failure", got.failure)
			}
			for _, part := range tt.want {
				if !strings.Contains(got.failure.GetMessage(), part) {
					t.Errorf("%q is not in %q", part, got.failure.GetMessage())
				}
			}
		})
	}
}
