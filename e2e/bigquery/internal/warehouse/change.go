package warehouse

import "time"

// The kinds of change. Insert is a row that came without a change type.
const (
	Insert = "INSERT"
	Upsert = "UPSERT"
	Delete = "DELETE"
)

// Change is one row as it was written, in the order in which it became visible.
type Change struct {
	Type     string    // Insert, Upsert or Delete
	Sequence string    // _CHANGE_SEQUENCE_NUMBER as written, "" if absent
	Row      Row       // the columns that were written
	Stream   string    // id of the stream, DefaultStream or one that was created
	Offset   int64     // position in the stream, -1 on the default stream
	Time     time.Time // when it became visible

	order Sequence
}

// NewChange checks the sequence number and leaves the place of the change to Append.
func NewChange(kind, sequence string, row Row) (Change, error) {
	c := Change{Type: kind, Sequence: sequence, Row: row}
	if sequence == "" {
		return c, nil
	}
	var err error
	c.order, err = ParseSequence(sequence)
	return c, err
}
