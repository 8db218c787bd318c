package history

import (
	"errors"
	"fmt"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/sdk"
)

// errUnseen is a log that does not show a transaction which the server has executed.
var errUnseen = errors.New("the server does not show where in its log a transaction stands")

// Order refuses transactions that were left out when a position was read, are taken
// now, and stand in the log before the last one that was taken: they would be sent
// behind newer ones, and end with rows that are not the latest. newly says of which
// servers they are; nil of none.
//
// It is asked after Judge, which has shown that all that is missing is in the log.
// The log itself tells the order: of these transactions and the last one taken it
// has to have the latter first.
func Order(from position.Position, verdict Verdict, log Log, newly func(gtid.UUID) bool) error {
	if from.GTID == nil || newly == nil {
		return nil
	}
	executed, purged, err := log.All()
	if err != nil {
		return err
	}
	o := order{from: from, log: log, last: from.In, same: verdict == Same}
	if a := from.Anchor; o.last == nil && a != nil {
		o.last = a.ID
	}
	missing := executed.Filter(log.Takes).Filter(newly).Subtract(from.GTID)
	if o.last != nil {
		missing = missing.Subtract(only(*o.last)) // rows of it were taken, though it was not taken as a whole
	}
	if missing.Empty() || o.last != nil && purged.Contains(*o.last) { // what is purged stands before all that is left
		return nil
	}
	return o.judge(missing)
}

// order compares transactions with the last one that was taken.
type order struct {
	from position.Position
	log  Log
	last *gtid.GTID // nil if it is not known
	same bool       // the position's place is one of this log
}

func (o *order) judge(missing *gtid.Set) error {
	sight, before, err := o.before(missing)
	if err != nil || !before {
		return err
	}
	var of []string
	uuids := missing.UUIDs()
	late := missing
	for _, u := range uuids {
		if len(uuids) > 1 {
			late = missing.Filter(func(v gtid.UUID) bool { return v == u })
			if _, before, err = o.before(late); err != nil {
				return err
			}
		}
		if before {
			of = append(of, fmt.Sprintf("%s (%d)", u, late.Count()))
		}
	}
	at := position.Place{File: sight.File, Pos: sight.First.Pos}
	return fmt.Errorf("%w: transactions of %s are missing, the first of all is %s at %s, %s", ErrOvertaken, strings.Join(of, ", "), sight.First.ID, at, o.what())
}

// before says whether one of the transactions stands before the last one taken, or
// cannot be shown to stand behind it, and which one the log has first.
func (o *order) before(missing *gtid.Set) (binlog.Sight, bool, error) {
	all := missing.Clone()
	if o.last != nil {
		all.Add(*o.last)
	}
	sight, err := o.log.First(all)
	if err != nil {
		return sight, false, err
	}
	if sight.First == nil || sight.First.ID == nil || !all.Contains(*sight.First.ID) {
		return sight, false, sdk.Transient(fmt.Errorf("%w: %s", errUnseen, all))
	}
	if o.last != nil {
		return sight, *sight.First.ID != *o.last, nil
	}
	at := position.Place{File: sight.File, Pos: sight.First.Pos}
	return sight, !o.same || at.Compare(o.from.Place) < 0, nil
}

// what the transactions stand before.
func (o *order) what() string {
	switch {
	case o.last != nil:
		return fmt.Sprintf("before %s, which was taken", o.last)
	case o.same:
		return fmt.Sprintf("before %s, up to which the log was read", o.from.Place)
	}
	return "and nothing shows that it stands behind all that was taken"
}
