package stream

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/leat-io/leat/sdk"
)

const serverKey = "server"

// serverState is the source state that tells servers apart: numbers of log files
// can be compared within an epoch only.
type serverState struct {
	UUID  string `json:"uuid"`
	Epoch uint64 `json:"epoch"`
}

// ServerState is the change of state that names the server and the epoch.
func ServerState(uuid string, epoch uint64) sdk.StateChange {
	value, _ := json.Marshal(serverState{uuid, epoch}) // a string and a number never fail
	return sdk.StateChange{Key: serverKey, Value: value}
}

// NewEpoch is a later epoch than the one before; 0 is before all. It comes from the
// clock, so that it is later too than one that nobody remembers: that of a
// checkpoint which was removed.
func NewEpoch(before uint64, now time.Time) uint64 {
	return max(before+1, uint64(max(now.UnixMilli(), 0)))
}

// ParseServerState reads what ServerState wrote; the zero values if there is none.
func ParseServerState(state map[string][]byte) (uuid string, epoch uint64, err error) {
	value, ok := state[serverKey]
	if !ok {
		return "", 0, nil
	}
	var s serverState
	if err := json.Unmarshal(value, &s); err != nil {
		return "", 0, fmt.Errorf("read state %s: %w", serverKey, err)
	}
	return s.UUID, s.Epoch, nil
}
