package position

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

// Errors of Parse.
var (
	errEmpty = errors.New("it names neither a GTID set nor a file")
	errFile  = errors.New("log file name does not end in a number")
)

// Position is the start of a transaction.
type Position struct {
	// Server is the server_uuid that File and Pos belong to.
	Server string `json:"server,omitempty"`
	// GTID is the set executed before the transaction; nil if the server had no
	// GTIDs.
	GTID *gtid.Set `json:"gtid,omitempty"`
	// In is the transaction, if it was begun: rows to skip are rows of this one,
	// whatever a server sends first after a failover.
	In *gtid.GTID `json:"in,omitempty"`
	Place
	// Snapshot says that a snapshot is not finished; the rest is then where its
	// first attempt began.
	Snapshot bool `json:"snapshot,omitempty"`
}

// Place is a byte offset in a log file.
type Place struct {
	File string `json:"file,omitempty"`
	Pos  uint64 `json:"pos,omitempty"`
}

// Unfinished is the position of the records of a snapshot whose first attempt
// began at p: a sink that has come no further is snapshotted anew.
func (p Position) Unfinished() Position {
	p.Snapshot = true
	return p
}

// Named says whether the position names a place at all.
func (p Position) Named() bool { return p.GTID != nil || p.File != "" }

// Parse reads the base of a checkpoint's position.
func Parse(base []byte) (Position, error) {
	var p Position
	if err := json.Unmarshal(base, &p); err != nil {
		return p, fmt.Errorf("read position %q: %w", base, err)
	}
	if p.Snapshot && !p.Named() {
		return p, nil
	}
	if !p.Named() {
		return p, fmt.Errorf("read position %q: %w", base, errEmpty)
	}
	if _, err := LogNumber(p.File); p.File != "" && err != nil {
		return p, fmt.Errorf("read position %q: %w", base, err)
	}
	return p, nil
}

// Base renders the position for a checkpoint.
func (p Position) Base() []byte {
	b, _ := json.Marshal(p) // none of the fields can fail
	return b
}

// String gives the place as the server's own messages do.
func (p Place) String() string { return p.File + ":" + strconv.FormatUint(p.Pos, 10) }

// Compare orders places of one server's log.
func (p Place) Compare(q Place) int {
	a, _ := LogNumber(p.File)
	b, _ := LogNumber(q.File)
	return cmp.Or(cmp.Compare(a, b), cmp.Compare(p.Pos, q.Pos))
}

// LogNumber returns the number at the end of a log file's name.
func LogNumber(file string) (uint64, error) {
	n, err := strconv.ParseUint(file[strings.LastIndexByte(file, '.')+1:], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %q", errFile, file)
	}
	return n, nil
}
