package position

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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
	// Created is when the file was begun, in seconds since 1970, as its format
	// description says; 0 if it is not known. A log that was reset has files of
	// the same names, created later.
	Created int64 `json:"created,omitempty"`
	// Anchor is a transaction before the place; nil if none is known.
	Anchor *Anchor `json:"anchor,omitempty"`
	// Snapshot says that a snapshot is not finished; the rest is then where its
	// first attempt began.
	Snapshot bool `json:"snapshot,omitempty"`
}

// Anchor is a transaction that was read from a log, by which the log is recognised.
type Anchor struct {
	// ID is nil where the log has no GTIDs.
	ID *gtid.GTID `json:"id,omitempty"`
	// Pos is where it begins in the position's file; 0 if that is another file.
	Pos uint64 `json:"pos,omitempty"`
	// Time of its commit in microseconds since 1970; of its event, in whole
	// seconds, where the server gives no other.
	Time int64 `json:"time"`
}

// Matches says whether b is the same transaction at the same place of the file.
func (a *Anchor) Matches(b *Anchor) bool {
	return b != nil && a.Pos == b.Pos && a.Time == b.Time && (a.ID == nil || b.ID != nil && *a.ID == *b.ID)
}

// IsTransaction says whether b is the same transaction, wherever it stands. Servers
// keep the time of a commit, but not always that of an event, which is in seconds.
func (a *Anchor) IsTransaction(b *Anchor, sameServer bool) bool {
	if b == nil || a.ID == nil || b.ID == nil || *a.ID != *b.ID {
		return false
	}
	inSeconds := a.Time%1e6 == 0 || b.Time%1e6 == 0
	return a.Time == b.Time || !sameServer && inSeconds
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

// String gives the position as people read it in messages, such as
// "binlog.000003:990, GTID set 3e11fa47-…:1-77". Without GTIDs it names the server,
// which the place belongs to.
func (p Position) String() string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.Place.String())
	}
	switch {
	case p.GTID != nil:
		parts = append(parts, "GTID set "+cmp.Or(p.GTID.String(), "empty"))
	case p.Server != "":
		parts = append(parts, "server "+p.Server)
	}
	if p.In != nil {
		parts = append(parts, "within "+p.In.String())
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}

// LogValue gives the same to a log, whatever its format.
func (p Position) LogValue() slog.Value { return slog.StringValue(p.String()) }

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
