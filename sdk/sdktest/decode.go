package sdktest

import (
	"bytes"

	"github.com/leat-io/leat/sdk"
)

// decode reads a batch as a sink would, and fails where a schema is missing.
func decode(b *sdk.Batch) ([]Record, error) {
	var out []Record
	it := b.Records()
	for it.Next() {
		var r Record
		var err error
		if it.Change() != nil {
			r, err = decodeChange(b, it.Change())
		} else {
			r, err = decodeMessage(b, it)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, it.Err()
}

func decodeChange(b *sdk.Batch, c *sdk.Change) (Record, error) {
	out, origin := *c, *c.Origin
	out.Origin = &origin
	for _, part := range []*[]byte{&out.Key, &out.OldKey, &out.Before, &out.After} {
		*part = bytes.Clone(*part)
	}
	row, err := b.RowSchema(c.Schema)
	return Record{Change: &out, Row: row}, err
}

func decodeMessage(b *sdk.Batch, it *sdk.Records) (Record, error) {
	m, target := *it.Message(), *it.Target()
	m.Key, m.Value = bytes.Clone(m.Key), bytes.Clone(m.Value)
	m.Headers, target.Headers = cloneHeaders(m.Headers), cloneHeaders(target.Headers)
	r := Record{Message: &m, Target: &target}
	var err error
	if target.KeySchema != 0 {
		if r.KeySchema, err = b.MessageSchema(target.KeySchema); err != nil {
			return r, err
		}
	}
	if target.ValueSchema != 0 {
		r.ValueSchema, err = b.MessageSchema(target.ValueSchema)
	}
	return r, err
}

func cloneHeaders(hs []sdk.Header) []sdk.Header {
	var out []sdk.Header
	for _, h := range hs {
		out = append(out, sdk.Header{Key: h.Key, Value: bytes.Clone(h.Value)})
	}
	return out
}
