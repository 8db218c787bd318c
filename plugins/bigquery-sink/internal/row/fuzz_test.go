package row

import "testing"

// Whatever comes, a plan returns a row that BigQuery can read, or an error and
// nothing else.
func FuzzAppend(f *testing.F) {
	all := compiled(f, true, golden(f, "customers-value.avsc"), golden(f, "customers-key.avsc"))
	small := newRelation(f, false, idField, noteField, `{"name":"l","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":{"type":"enum","name":"E","symbols":["A","B"]}}]}}}`)
	row := values{"id": int64(1), "note": values{"string": "x"}, "l": []any{values{"x": "A"}, values{"x": "B"}}}
	m := small.message(f, "u", row, row)
	f.Add(m.Value, m.Key)
	f.Add([]byte{0, 0, 0, 0, 1, 0, 2}, []byte{0, 0, 0, 0, 1, 2})
	f.Fuzz(func(t *testing.T, value, key []byte) {
		for _, r := range []*relation{all, small} {
			out, err := r.plan.Append([]byte("x"), &Message{Key: key, Value: value})
			if len(out) == 0 || out[0] != 'x' {
				t.Fatal("what was there is lost")
			}
			if err != nil && len(out) > 1 {
				t.Fatalf("left %x behind an error", out)
			}
			if len(out) > 1 {
				r.plan.decode(t, out[1:])
			}
			_ = r.plan.KeyText(key)
		}
	})
}
