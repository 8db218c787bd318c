package envelope

import (
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
)

// need says whether an operation has a row.
type need int

const (
	never need = iota
	always
	maybe
)

func (n need) allows(row []byte) bool { return n == maybe || (n == always) == (row != nil) }

// form is what an operation looks like in an envelope. An update or a delete has
// no before where the source's log does not hold it.
type form struct {
	before, after need
	// end is the run behind the source: no transaction block, and the operation.
	end []byte
}

var forms = func() (f [256]*form) {
	add := func(op sdk.Op, before, after need) {
		// null: no transaction block
		f[op] = &form{before: before, after: after, end: avro.AppendString([]byte{null}, string(op))}
	}
	add(sdk.Create, never, always)
	add(sdk.Read, never, always)
	add(sdk.Update, maybe, always)
	add(sdk.Delete, maybe, never)
	add(sdk.Truncate, never, never)
	return f
}()
