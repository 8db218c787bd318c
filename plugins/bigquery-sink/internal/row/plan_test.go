package row

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	idField   = `{"name":"id","type":"long"}`
	noteField = `{"name":"note","type":["null","string"],"default":null}`
)

func TestAppend(t *testing.T) {
	t.Parallel()
	a, b := values{"id": int64(7), "note": values{"string": "a"}}, values{"id": int64(7), "note": nil}
	const order = `"_CHANGE_SEQUENCE_NUMBER":"1/abc/a/ffffffffffffffff"`
	const log = `"_leat_ts":"5000","_leat_order":"0000000000000001/0000000000000abc/000000000000000a/ffffffffffffffff"`
	tests := map[string]struct {
		upsert        bool
		op            string
		before, after values
		want          string
	}{
		"create":            {true, "c", nil, a, `{"id":"7","note":"a","_CHANGE_TYPE":"UPSERT",` + order + `}`},
		"read":              {true, "r", nil, a, `{"id":"7","note":"a","_CHANGE_TYPE":"UPSERT",` + order + `}`},
		"update to NULL":    {true, "u", a, b, `{"id":"7","_CHANGE_TYPE":"UPSERT",` + order + `}`},
		"delete":            {true, "d", a, nil, `{"id":"7","_CHANGE_TYPE":"DELETE",` + order + `}`},
		"logical message":   {true, "m", nil, nil, ``},
		"log of a create":   {false, "c", nil, a, `{"id":"7","note":"a","_leat_op":"c",` + log + `}`},
		"log of an update":  {false, "u", a, b, `{"id":"7","_leat_op":"u",` + log + `}`},
		"log of a deletion": {false, "d", a, nil, `{"id":"7","note":"a","_leat_op":"d",` + log + `}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelation(t, tt.upsert, idField, noteField)
			const before = "what is there already"
			out, err := r.plan.Append([]byte(before), r.message(t, tt.op, tt.before, tt.after))
			if err != nil {
				t.Fatal(err)
			}
			row, ok := strings.CutPrefix(string(out), before)
			if !ok {
				t.Fatalf("got %q", out)
			}
			got := ""
			if row != "" {
				got = r.plan.decode(t, []byte(row))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("tombstone", func(t *testing.T) {
		t.Parallel()
		r := newRelation(t, true, idField)
		out, err := r.plan.Append(nil, &Message{Key: []byte{0, 0, 0, 0, 1, 2}})
		if err != nil || len(out) > 0 {
			t.Errorf("got %x, %v, want no row", out, err)
		}
	})
}

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	a := values{"id": int64(7), "note": values{"string": "a"}}
	r := newRelation(t, true, idField, noteField)
	logs := newRelation(t, false, idField, noteField)
	whole := r.message(t, "c", nil, a)
	with := func(f func(m *Message)) *Message {
		m := *whole
		f(&m)
		return &m
	}
	tests := map[string]struct {
		plan *relation
		in   *Message
		want string
	}{
		"a truncation":             {r, r.message(t, "t", nil, nil), "the table was truncated"},
		"an operation not known":   {r, r.message(t, "x", nil, a), `op "x" is not known`},
		"an operation of two":      {r, r.message(t, "cc", nil, a), `op "cc" is not known`},
		"a create without a row":   {r, r.message(t, "c", a, nil), `op 'c' comes without its row`},
		"a logged delete without":  {logs, logs.message(t, "d", nil, a), `op 'd' comes without its row`},
		"a delete without a key":   {r, &Message{Value: r.message(t, "d", a, nil).Value}, "key does not have the bytes"},
		"a delete of a broken key": {r, &Message{Key: []byte{0, 0, 0, 0, 1, 0x80}, Value: r.message(t, "d", a, nil).Value}, "row does not have the bytes"},
		"an empty value":           {r, &Message{Value: []byte{}}, "value does not have the bytes"},
		"another magic byte":       {r, with(func(m *Message) { m.Value = append([]byte{1}, m.Value[1:]...) }), "value does not have the bytes"},
		"bytes left":               {r, with(func(m *Message) { m.Value = append(m.Value[:len(m.Value):len(m.Value)], 0) }), "value does not have the bytes"},
		"bytes missing":            {r, with(func(m *Message) { m.Value = m.Value[:len(m.Value)-1] }), "value does not have the bytes"},
		"text that is not UTF-8": {
			r, r.message(t, "c", nil, values{"id": int64(7), "note": values{"string": "\xff"}}),
			`a row is not taken, its key is logged at debug: column "note" of type string: is not valid UTF-8`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := tt.plan.plan.Append([]byte("x"), tt.in)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			if string(out) != "x" {
				t.Errorf("left %q behind", out)
			}
			var f *Fault
			if got, want := errors.As(err, &f), strings.HasPrefix(tt.want, "a row is not taken"); got != want {
				t.Errorf("fault of the row alone: %v, want %v", got, want)
			}
		})
	}
}

func TestKeyText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	tests := map[string]struct {
		field string
		value any
		want  string
	}{
		"a number":      {`{"name":"k","type":"int"}`, 5, "k=5"},
		"text":          {`{"name":"k","type":"string"}`, `a"b`, `k="a\"b"`},
		"long text":     {`{"name":"k","type":"string"}`, long, `k="` + long[:64] + `"…`},
		"bytes":         {`{"name":"k","type":"bytes"}`, []byte{1, 255}, "k=01ff"},
		"an option":     {`{"name":"k","type":["null","long"],"default":null}`, values{"long": int64(3)}, "k=3"},
		"an empty one":  {`{"name":"k","type":["null","long"],"default":null}`, nil, "k=NULL"},
		"another type":  {`{"name":"k","type":{"type":"int","connect.name":"io.debezium.time.Date"}}`, 5, "k=(io.debezium.time.Date)"},
		"a broken one":  {`{"name":"k","type":"string"}`, nil, "(unreadable)"},
		"none at all":   {`{"name":"k","type":"string"}`, 0, "(none)"},
		"a Debezium ID": {`{"name":"k","type":{"type":"bytes","scale":0,"precision":20,"connect.name":"org.apache.kafka.connect.data.Decimal"}}`, []byte{1, 0}, "k=256"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelation(t, true, tt.field)
			var key []byte
			switch {
			case tt.want == "(unreadable)":
				key = []byte{0, 0, 0, 0, 1, 40, 'x'}
			case tt.want != "(none)":
				key = r.encode(t, r.key, values{"k": tt.value})
			}
			if diff := cmp.Diff(tt.want, r.plan.KeyText(key)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}
