package history

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// Log is a server's log, as far as it can be asked about it.
type Log interface {
	// UUID of the server.
	UUID() string
	// Takes says whether transactions of a server are taken, not left out.
	Takes(gtid.UUID) bool
	// Sets returns what of the transactions that are taken was executed, and what
	// of that is not in the log any more.
	Sets() (executed, purged *gtid.Set, err error)
	// All returns the same with the transactions that are left out.
	All() (executed, purged *gtid.Set, err error)
	Files() ([]server.LogFile, error)
	// At looks at a place in a file that is there.
	At(place position.Place) (binlog.Sight, error)
	// First looks at the first of some transactions, left out or not, all of which
	// were executed.
	First(of *gtid.Set) (binlog.Sight, error)
}

// Verdict is what a log turns out to be.
type Verdict uint8

// The verdicts.
const (
	// Same is the log itself: files and offsets can be compared.
	Same Verdict = iota + 1
	// Elsewhere is a log that has the same transactions at other places: that of
	// another server, or of this one after its log was made anew.
	Elsewhere
)

// Judge says what the log is to a position that was read before. Where it cannot
// be shown that everything after the position will come, and nothing else, the
// error is one of this package's.
func Judge(from position.Position, log Log) (Verdict, error) {
	j := judge{from: from, log: log, same: from.Server == "" || from.Server == log.UUID()}
	if from.GTID == nil {
		return j.byFile()
	}
	return j.byGTID()
}

type judge struct {
	from     position.Position
	log      Log
	same     bool // the server is the one that the position names
	executed *gtid.Set
	purged   *gtid.Set
}

func (j *judge) byGTID() (Verdict, error) {
	var err error
	if j.executed, j.purged, err = j.log.Sets(); err != nil {
		return 0, err
	}
	j.from.GTID = j.from.GTID.Filter(j.log.Takes)
	if gap := j.purged.Subtract(j.from.GTID); !gap.Empty() {
		return 0, fmt.Errorf("%w: %s", ErrPurged, gap)
	}
	if ahead := j.from.GTID.Subtract(j.executed); !ahead.Empty() {
		return 0, j.ahead(ahead)
	}
	if j.same {
		proved, err := j.place()
		if proved || err != nil {
			return Same, err
		}
	}
	return Elsewhere, j.content()
}

// ahead is the error for transactions that the server does not have: a replica
// may yet receive them, unless they are those of the server itself.
func (j *judge) ahead(set *gtid.Set) error {
	own := set.Filter(func(u gtid.UUID) bool { return u.String() == j.log.UUID() })
	if j.same && !own.Empty() {
		return fmt.Errorf("%w: the server does not have its own transactions %s any more", ErrAnother, own)
	}
	return fmt.Errorf("%w: %s", ErrBehind, set)
}

// place says whether the file and, where it is known, the anchor stand where they
// did on the same server.
func (j *judge) place() (bool, error) {
	if j.from.Created == 0 {
		return false, nil
	}
	file, err := j.file()
	if file == nil || err != nil || file.Size < j.from.Pos {
		return false, err
	}
	sight, err := j.log.At(j.landmark())
	if errors.Is(err, binlog.ErrWithheld) {
		return sight.Created == j.from.Created, nil // a file of this second, in which something begins there
	}
	if err != nil || sight.Created != j.from.Created {
		return false, err
	}
	if a := j.from.Anchor; a != nil && a.Pos != 0 {
		return a.Matches(sight.First), nil
	}
	if !j.searchable() {
		return true, nil
	}
	proved, err := j.found()
	if errors.Is(err, binlog.ErrWithheld) {
		return true, nil
	}
	return proved, err
}

// landmark is the place to look at: the anchor's if it is in the file.
func (j *judge) landmark() position.Place {
	at := position.Place{File: j.from.File, Pos: fileStart}
	if a := j.from.Anchor; a != nil && a.Pos > fileStart {
		at.Pos = a.Pos
	}
	return at
}

// fileStart is the offset of a file's first event.
const fileStart = 4

// file returns the position's, nil if the server does not have it.
func (j *judge) file() (*server.LogFile, error) {
	files, err := j.log.Files()
	if err != nil {
		return nil, err
	}
	for i := range files {
		if files[i].Name == j.from.File {
			return &files[i], nil
		}
	}
	return nil, nil
}

// content proves by the anchor itself that the transactions are those that were
// read, wherever they stand. Where the log has the anchor no more, the sets must do.
func (j *judge) content() error {
	if j.searchable() {
		proved, err := j.found()
		if err == nil && !proved {
			err = fmt.Errorf("%w: transaction %s is not the one that was read", ErrAnother, j.from.Anchor.ID)
		}
		return err
	}
	// On the same server everything that was read was in files that are gone, and
	// so is in purged; if it is not, the log was begun anew with its numbers.
	if j.same && j.from.Created != 0 && !j.purged.Includes(j.from.GTID) {
		return fmt.Errorf("%w: log file %s is not the one that was read", ErrAnother, j.from.File)
	}
	return nil
}

// searchable says whether the log has the anchor.
func (j *judge) searchable() bool {
	a := j.from.Anchor
	return a != nil && a.ID != nil && j.from.GTID.Contains(*a.ID) && !j.purged.Contains(*a.ID)
}

func (j *judge) found() (bool, error) {
	a := j.from.Anchor
	sight, err := j.log.First(only(*a.ID))
	if err != nil {
		return false, err
	}
	return a.IsTransaction(sight.First, j.same), nil
}

func only(id gtid.GTID) *gtid.Set {
	set := &gtid.Set{}
	set.Add(id)
	return set
}
