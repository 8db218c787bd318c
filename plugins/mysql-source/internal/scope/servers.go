package scope

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/sdk"
)

// serversKey is the key of Servers in the source state.
const serversKey = "gtid"

// Servers says of which servers transactions are taken: of those included, or of
// all if none is, but for those excluded. The zero value takes all.
type Servers struct{ include, exclude []gtid.UUID }

// storedServers are written down in one order and spelling, whatever the file has.
type storedServers struct {
	Include []string `json:"include,omitempty"`
	Exclude []string `json:"exclude,omitempty"`
}

// NewServers returns the rule of gtid.include and gtid.exclude.
func NewServers(include, exclude []gtid.UUID) Servers {
	return Servers{sorted(include), sorted(exclude)}
}

func sorted(uuids []gtid.UUID) []gtid.UUID {
	out := slices.Clone(uuids)
	slices.SortFunc(out, func(a, b gtid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(out)
}

// Takes says whether transactions of a server are taken.
func (s Servers) Takes(u gtid.UUID) bool {
	return !slices.Contains(s.exclude, u) && (len(s.include) == 0 || slices.Contains(s.include, u))
}

// Ignore returns what says whether transactions of a server are left out, nil if
// none are.
func (s Servers) Ignore() func(gtid.UUID) bool {
	if len(s.include) == 0 && len(s.exclude) == 0 {
		return nil
	}
	return func(u gtid.UUID) bool { return !s.Takes(u) }
}

// State is the change of state that records the servers.
func (s Servers) State() sdk.StateChange {
	text, _ := json.Marshal(storedServers{texts(s.include), texts(s.exclude)}) // strings never fail
	return sdk.StateChange{Key: serversKey, Value: text}
}

// Changed says whether the state has other servers, or does not tell.
func (s Servers) Changed(state map[string][]byte) bool {
	return !bytes.Equal(state[serversKey], s.State().Value)
}

// Newly returns what says whether transactions of a server are taken now and may
// have been left out when the state was written; nil if those of none were. A
// state that does not tell is of a version that did not write it.
func (s Servers) Newly(state map[string][]byte) (func(gtid.UUID) bool, error) {
	if !s.Changed(state) {
		return nil, nil
	}
	text, ok := state[serversKey]
	if !ok {
		return s.Takes, nil
	}
	before, err := parseServers(text)
	if err != nil {
		return nil, err
	}
	return func(u gtid.UUID) bool { return s.Takes(u) && !before.Takes(u) }, nil
}

func parseServers(text []byte) (Servers, error) {
	var stored storedServers
	if err := json.Unmarshal(text, &stored); err != nil {
		return Servers{}, fmt.Errorf("read state %s: %w", serversKey, err)
	}
	include, err := uuids(stored.Include)
	if err != nil {
		return Servers{}, err
	}
	exclude, err := uuids(stored.Exclude)
	return NewServers(include, exclude), err
}

func uuids(texts []string) ([]gtid.UUID, error) {
	out := make([]gtid.UUID, len(texts))
	for i, text := range texts {
		var err error
		if out[i], err = gtid.ParseUUID(text); err != nil {
			return nil, fmt.Errorf("read state %s: %w", serversKey, err)
		}
	}
	return out, nil
}

func texts(uuids []gtid.UUID) []string {
	out := make([]string, len(uuids))
	for i, u := range uuids {
		out[i] = u.String()
	}
	return out
}
