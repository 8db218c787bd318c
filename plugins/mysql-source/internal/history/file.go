package history

import (
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// byFile judges a log without GTIDs, where a position holds for one server only.
func (j *judge) byFile() (Verdict, error) {
	if !j.same {
		return 0, fmt.Errorf("%w: position %s belongs to the server %s, and %s answers", ErrOtherServer, j.from.Place, j.from.Server, j.log.UUID())
	}
	files, err := j.log.Files()
	if err != nil {
		return 0, err
	}
	file, err := j.file()
	if err != nil {
		return 0, err
	}
	if file == nil {
		return 0, j.missing(files)
	}
	if file.Size < j.from.Pos {
		return 0, fmt.Errorf("%w: log file %s has %d bytes, and was read up to %d before", ErrAnother, file.Name, file.Size, j.from.Pos)
	}
	if j.from.Created == 0 {
		return Same, nil
	}
	proved, err := j.place()
	if err == nil && !proved {
		err = fmt.Errorf("%w: log file %s has its name, and was begun or filled anew", ErrAnother, file.Name)
	}
	return Same, err
}

// missing is the error for a file that is not there: it was purged if all others
// are later.
func (j *judge) missing(files []server.LogFile) error {
	for _, f := range files {
		if (position.Place{File: f.Name}).Compare(position.Place{File: j.from.File}) < 0 {
			return fmt.Errorf("%w: it has log file %s and no %s any more", ErrAnother, f.Name, j.from.File)
		}
	}
	return fmt.Errorf("%w: log file %s, which was not read to its end", ErrPurged, j.from.File)
}
