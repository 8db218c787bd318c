package row

import (
	"errors"
	"fmt"
)

// Errors that concern a whole table, not one row.
var (
	// ErrMalformed is returned for bytes that are not of their schema.
	ErrMalformed = errors.New("does not have the bytes that its schema says")
	// ErrTruncate is returned for the truncation of a table.
	ErrTruncate = errors.New("the table was truncated in the source: set truncate to auto, which empties it, or to ignore, which keeps its rows")
)

// Fault is a value that BigQuery does not take. The row is refused, the table is
// not at fault.
type Fault struct {
	// Column is empty if it is the whole row, or BigQuery that says which.
	Column string
	// Type of the value in the message's schema.
	Type string
	// Reason says what is wrong, without the value: it may be confidential.
	Reason string
	// Key of the row, for people who look for it.
	Key string
}

// Error names the column and the reason. The key may be somebody's, as an address
// of email is, and stays out of it.
func (f *Fault) Error() string {
	if f.Column == "" {
		return "a row is not taken, its key is logged at debug: " + f.Reason
	}
	return fmt.Sprintf("a row is not taken, its key is logged at debug: column %q of type %s: %s", f.Column, f.Type, f.Reason)
}

// Reasons why a value is refused.
const (
	reasonUnsigned = "is above 9223372036854775807, the largest that the column's type INT64 holds: alter the column with ALTER TABLE … ALTER COLUMN … SET DATA TYPE NUMERIC and restart the pipeline, or, where BigQuery refuses that, have a new table filled by a snapshot"
	reasonUTF8     = "is not valid UTF-8: correct the character set of the column in the source"
	reasonDate     = "is outside of 0001-01-01 to 9999-12-31: correct the value in the source"
	reasonMoment   = "is not a moment between 0001-01-01 and 9999-12-31: correct the value in the source"
	reasonSymbol   = "is no symbol of the enum"
	reasonDuration = "is longer than 1000 hours: correct the value in the source"
)
