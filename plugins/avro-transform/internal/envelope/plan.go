package envelope

import (
	"errors"
	"fmt"
	"math"

	"github.com/leat-io/leat/plugins/avro-transform/internal/row"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
)

// ErrChange is returned for a change whose parts do not fit its operation.
var ErrChange = errors.New("malformed change")

// Indexes of unions whose first branch is null.
const (
	null  = 0
	value = 1
)

// Settings are what a plan is compiled from.
type Settings struct {
	Row *sdk.RowSchema
	// Fields are the names of the columns in Avro.
	Fields []string
	// Name is the topic prefix, which Debezium calls the logical name.
	Name string
	// KeyID and ValueID are the ids of the schemas in the registry.
	KeyID, ValueID int32
}

// Plan makes messages of changes that have one row schema. Its methods may be
// called from many goroutines.
type Plan struct {
	rows, keys *row.Shape
	keyHeader  []byte
	// begin stands at the start of a value without and with a before.
	begin  [2][]byte
	source source
}

// Compile makes the plan for a row schema.
func Compile(s Settings) (*Plan, error) {
	rows, err := row.New(s.Row, s.Fields, row.All(s.Row))
	if err != nil {
		return nil, fmt.Errorf("compile row: %w", err)
	}
	p := &Plan{rows: rows, source: newSource(s.Name, s.Row.Database, s.Row.Table)}
	if len(s.Row.Key) > 0 {
		if p.keys, err = row.New(s.Row, s.Fields, s.Row.Key); err != nil {
			return nil, fmt.Errorf("compile key: %w", err)
		}
		p.keyHeader = header(s.KeyID)
	}
	p.begin = [2][]byte{header(s.ValueID, null), header(s.ValueID, value)}
	return p, nil
}

// Keyed says whether the table has a key.
func (p *Plan) Keyed() bool { return p.keys != nil }

// Check proves that the parts of a change are those of its operation, and that
// its rows and keys are rows and keys of the schema.
func (p *Plan) Check(c *sdk.Change) error {
	f := forms[c.Op]
	if f == nil {
		return fmt.Errorf("%w: unknown operation %q", ErrChange, byte(c.Op))
	}
	keyed := p.Keyed() && c.Op != sdk.Truncate
	switch {
	case int(c.Snapshot) >= len(snapshots):
		return fmt.Errorf("%w: unknown snapshot mark %d", ErrChange, c.Snapshot)
	case c.Row > math.MaxInt32 || c.Offset > math.MaxInt64:
		return fmt.Errorf("%w: row %d at offset %d is out of range", ErrChange, c.Row, c.Offset)
	case (c.Key != nil) != keyed:
		return fmt.Errorf("%w: operation %q of a table with key=%t has key=%t", ErrChange, byte(c.Op), p.Keyed(), c.Key != nil)
	case c.OldKey != nil && (c.Op != sdk.Update || !keyed):
		return fmt.Errorf("%w: operation %q has an old key", ErrChange, byte(c.Op))
	case !f.before.allows(c.Before) || !f.after.allows(c.After):
		return fmt.Errorf("%w: operation %q has before=%t, after=%t", ErrChange, byte(c.Op), c.Before != nil, c.After != nil)
	}
	return p.checkRows(c)
}

func (p *Plan) checkRows(c *sdk.Change) error {
	for _, b := range [...][]byte{c.Before, c.After} {
		if b == nil {
			continue
		}
		if err := p.rows.Check(b); err != nil {
			return err
		}
	}
	for _, b := range [...][]byte{c.Key, c.OldKey} {
		if b == nil {
			continue
		}
		if err := p.keys.Check(b); err != nil {
			return fmt.Errorf("key: %w", err)
		}
	}
	return nil
}

// AppendKey adds a message's key to b.
func (p *Plan) AppendKey(b, key []byte) []byte { return append(append(b, p.keyHeader...), key...) }

// KeyText adds to b the text of a key as it stands in a header.
func (p *Plan) KeyText(b, key []byte) ([]byte, error) { return p.keys.AppendText(b, key) }

// Value writes a message's value: c's, but with the operation, before and after
// given. now is nanoseconds since 1970.
func (p *Plan) Value(w *avro.Writer, c *sdk.Change, op sdk.Op, before, after []byte, now int64) {
	if before == nil {
		write(w, p.begin[0])
	} else {
		write(w, p.begin[1])
		write(w, before)
	}
	if after == nil {
		w.WriteLong(null)
	} else {
		w.WriteLong(value)
		write(w, after)
	}
	p.source.write(w, c)
	write(w, forms[op].end)
	optional(w, now/1e6)
	optional(w, now/1e3)
	optional(w, now)
}
