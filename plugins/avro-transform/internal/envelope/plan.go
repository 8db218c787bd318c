package envelope

import (
	"errors"
	"fmt"
	"math"

	"github.com/leat-io/leat/plugins/avro-transform/internal/row"
	"github.com/leat-io/leat/sdk"
)

// ErrChange is returned for a change whose parts do not fit its operation.
var ErrChange = errors.New("malformed change")

// Indexes of unions whose first branch is null, as they are encoded.
const (
	null  = 0x00
	value = 0x02
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

// Plan is what messages of changes that have one row schema are made by. Its
// methods may be called from many goroutines.
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
	if err := check(p.rows, c.Before); err != nil {
		return err
	}
	if err := check(p.rows, c.After); err != nil {
		return err
	}
	if err := check(p.keys, c.Key); err != nil {
		return fmt.Errorf("key: %w", err)
	}
	if err := check(p.keys, c.OldKey); err != nil {
		return fmt.Errorf("old key: %w", err)
	}
	return nil
}

// check lets nil pass, which is no row.
func check(s *row.Shape, b []byte) error {
	if b == nil {
		return nil
	}
	return s.Check(b)
}

// AppendKey adds a message's key to b.
func (p *Plan) AppendKey(b, key []byte) []byte { return append(append(b, p.keyHeader...), key...) }

// KeyText adds to b the text of a key as it stands in a header.
func (p *Plan) KeyText(b, key []byte) ([]byte, error) { return p.keys.AppendText(b, key) }
