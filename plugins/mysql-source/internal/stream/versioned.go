package stream

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/sdk"
)

// onlyCurrent makes the change of a versioned table's row one of its current
// rows, those that SELECT shows: a row of the past is none, and one that becomes
// past is deleted. The change has no Op if nothing is left of it.
func onlyCurrent(op binlog.Operation, first, second *row.Row, change *sdk.Change) {
	switch {
	case op != binlog.Update:
		if first.Past {
			change.Op = 0
		}
	case first.Past && second.Past:
		change.Op = 0
	case first.Past:
		change.Op, change.OldKey, change.Before = sdk.Create, nil, nil
	case second.Past:
		change.Op, change.Key, change.OldKey, change.After = sdk.Delete, first.Key, nil, nil
	}
}
