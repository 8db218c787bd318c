package checkpoint

import (
	"errors"
	"log/slog"
)

// Look reads the checkpoints of a pipeline that may be running, and keeps nobody
// from running it: it holds no lock and writes nothing.
//
// A save under way does no harm: its record is written before its mark, and here
// the marks are read before the records, so none is missed that a mark names. A
// file that is made anew takes its place whole. Only a file of the format before
// has no such order: it is ErrLocked while an older leat runs.
func Look(dir, pipeline string, logger *slog.Logger) (*Store, error) {
	path := Path(dir, pipeline)
	if err := lockOld(path); errors.Is(err, ErrLocked) {
		return nil, err
	}
	c, err := load(path)
	if err != nil {
		return nil, err
	}
	return newStore(path, osDisk{}, logger, c), nil
}
