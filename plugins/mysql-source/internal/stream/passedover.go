package stream

import (
	"errors"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// errPassedOver is a server that is asked by GTIDs and begins behind a file that was
// not read to its end: by its index nothing but what was executed stands between. It
// knows of no transactions without GTIDs there, as are written while gtid_mode is not
// ON. Told at which place to begin, it sends what stands there, or says that it must not.
var errPassedOver = errors.New("the server begins behind what was read")

// passedOver says whether the first file of a connection comes after the one that
// was read in the same log.
func (s *Stream) passedOver(to position.Place) bool {
	begins := s.begins
	s.begins = false
	sure := s.machine.Sure()
	return begins && sure.File != "" && sure.Compare(position.Place{File: to.File}) < 0
}
