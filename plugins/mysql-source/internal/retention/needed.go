package retention

import (
	"sort"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// before says whether a file is older than another by its number.
func before(a, b string) bool {
	return position.Place{File: a}.Compare(position.Place{File: b}) < 0
}

// Needed returns the file that has the first transaction which is not in done, the
// file being written if there is none yet. It is false if that was in a file that
// is gone. previous is what was executed before a file was begun; it grows from
// file to file, so only some are asked for.
func Needed(files []File, done *gtid.Set, previous func(file string) (*gtid.Set, error)) (name string, there bool, err error) {
	// The first file before which more was executed than done: the one before it
	// has the difference.
	next := sort.Search(len(files), func(i int) bool {
		if err != nil {
			return true
		}
		var set *gtid.Set
		if set, err = previous(files[i].Name); err != nil {
			return true
		}
		return !done.Includes(set)
	})
	if err != nil || next == 0 {
		return "", false, err
	}
	return files[next-1].Name, true, nil
}
