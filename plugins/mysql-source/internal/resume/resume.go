// Package resume works out where a stream begins from the checkpoints of the
// sinks, and which sinks have to be snapshotted first.
//
// It is pure. Start reading at Parse, then Sinks.Plan.
package resume

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/snapshot"
	"github.com/leat-io/leat/plugins/mysql-source/internal/stream"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/sdk"
)

// errMixed is returned where sinks cannot be served by one stream.
var errMixed = errors.New("positions of the sinks belong to different servers, and without GTIDs they cannot be compared: for those of one server, " + cure.NewSnapshot)

// Sinks is how far each sink has come, by its bit.
type Sinks []Sink

// Sink is one sink's checkpoint, taken apart.
type Sink struct {
	Name string
	transaction.Progress
	State map[string][]byte
	// Fresh sinks need a snapshot.
	Fresh bool
	// Server and Epoch of the last record.
	Server string
	Epoch  uint64
}

// Parse takes the checkpoints apart. A sink that has none, or one of a snapshot
// that was not finished, is fresh.
func Parse(r sdk.Resume) (Sinks, error) {
	out := make(Sinks, len(r.Sinks))
	for i, s := range r.Sinks {
		out[i].Name = s.Name
		if s.Checkpoint == nil {
			out[i].Fresh = true
			continue
		}
		if err := out[i].parse(s.Checkpoint); err != nil {
			return nil, sdk.Permanent(fmt.Errorf("checkpoint of sink %s: %w", s.Name, err))
		}
	}
	return out, nil
}

func (s *Sink) parse(c *sdk.Checkpoint) error {
	p, err := position.Parse(c.Position.Base)
	if err != nil {
		return err
	}
	s.Done, s.Skip, s.State, s.Fresh = p, c.Position.Skip, c.State, p.Snapshot
	s.Server, s.Epoch, err = stream.ParseServerState(c.State)
	return err
}

// Fresh returns the sinks that need a snapshot.
func (s Sinks) Fresh() sdk.SinkSet {
	var set sdk.SinkSet
	for i := range s {
		if s[i].Fresh {
			set = set.With(i)
		}
	}
	return set
}

// Names returns the names of the sinks.
func (s Sinks) Names() []string {
	names := make([]string, len(s))
	for i := range s {
		names[i] = s[i].Name
	}
	return names
}

// All returns every sink.
func (s Sinks) All() sdk.SinkSet { return sdk.SinkSet(1)<<len(s) - 1 }

// StateKeys returns the keys of the state that some of the sinks have.
func (s Sinks) StateKeys(of sdk.SinkSet) []string {
	keys := map[string]bool{}
	for i := range s {
		if of.Has(i) {
			for k := range s[i].State {
				keys[k] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// Begun returns the earliest place at which a snapshot of a fresh sink was begun
// and not finished, and the state as of it; nil if there is none.
//
// What such a snapshot has sent may have been deleted before the next one begins,
// so the stream behind that one has to start at this place.
func (s Sinks) Begun() (*snapshot.Begun, error) {
	var begun Sinks
	byGTID := true
	for i := range s {
		if s[i].Fresh && s[i].Done.Named() {
			begun = append(begun, s[i])
			byGTID = byGTID && s[i].Done.GTID != nil
		}
	}
	if len(begun) == 0 {
		return nil, nil
	}
	first := 0
	for i := range begun {
		if !byGTID && begun[i].Done.Server != begun[0].Done.Server {
			return nil, sdk.Permanent(errMixed)
		}
		if begun.before(i, first, byGTID) {
			first = i
		}
	}
	at := begun[first].Done
	at.Snapshot = false
	return &snapshot.Begun{At: at, State: begun[first].State}, nil
}

// Finish puts the fresh sinks where their snapshot was taken.
func (s Sinks) Finish(at position.Position, state map[string][]byte, epoch uint64) {
	for i := range s {
		if s[i].Fresh {
			s[i] = Sink{Name: s[i].Name, Progress: transaction.Progress{Done: at}, State: state, Server: at.Server, Epoch: epoch}
		}
	}
}

// Epoch returns the epoch in which the log of a server is read. It is a new one
// where a sink begins anew, since nobody knows what it was sent before its
// checkpoint was removed, and where the records of the latest epoch came from
// another server.
func (s Sinks) Epoch(server string, now time.Time) uint64 {
	var last uint64
	for i := range s {
		last = max(last, s[i].Epoch)
	}
	for i := range s {
		if s[i].Fresh || s[i].Epoch == last && s[i].Server != server {
			return stream.NewEpoch(last, now)
		}
	}
	return last
}

// Plan is where a stream begins.
type Plan struct {
	// From is the place before which every sink has everything.
	From position.Position
	// State has the definitions as of From.
	State map[string][]byte
	// Known is what the state of all sinks says of the server; nothing if they differ.
	Known sdk.StateChange
}

// Plan finds the earliest place. No sink may be fresh. byGTID says whether the
// server has GTIDs; they are used if every position has them too.
func (s Sinks) Plan(byGTID bool) (*Plan, error) {
	for i := range s {
		byGTID = byGTID && s[i].Done.GTID != nil
	}
	first := 0
	for i := range s {
		if s.before(i, first, byGTID) {
			first = i
		}
	}
	p := &Plan{From: s[first].Done, State: s[first].State, Known: stream.ServerState(s[first].Server, s[first].Epoch)}
	for i := range s {
		if s[i].Server != s[first].Server || s[i].Epoch != s[first].Epoch {
			p.Known = sdk.StateChange{}
		}
	}
	p.From.In = nil
	if byGTID {
		p.From.GTID = s.common()
		return p, nil
	}
	for i := range s {
		if s[i].Done.Server != p.From.Server {
			return nil, sdk.Permanent(errMixed)
		}
		s[i].Done.GTID, s[i].Done.In = nil, nil
	}
	p.From.GTID = nil
	return p, nil
}

func (s Sinks) before(i, j int, byGTID bool) bool {
	if byGTID {
		return s[j].Done.GTID.Includes(s[i].Done.GTID) && !s[i].Done.GTID.Includes(s[j].Done.GTID)
	}
	return s[i].Done.Compare(s[j].Done.Place) < 0
}

// common is what all sinks have executed.
func (s Sinks) common() *gtid.Set {
	set := s[0].Done.GTID.Clone()
	for i := range s[1:] {
		set = set.Intersect(s[1+i].Done.GTID)
	}
	return set
}

// Progress returns how far each sink has come.
func (s Sinks) Progress() []transaction.Progress {
	out := make([]transaction.Progress, len(s))
	for i := range s {
		out[i] = s[i].Progress
	}
	return out
}
