package unequal

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// Prefixes of keys in the source state.
const (
	markPrefix = "unequal/"
	gonePrefix = "gone/"
)

// Mark says since when, and why, a sink's copy of a table differs.
type Mark struct {
	Table     table.Name `json:"table"`
	Kind      string     `json:"kind"`
	Reason    string     `json:"reason"`
	Statement string     `json:"statement"`
	// At is the place of the statement in the log.
	At   string    `json:"at"`
	Time time.Time `json:"time"`
}

// Gone is a table that is no more, whose rows a sink may still have.
type Gone struct {
	Table table.Name `json:"table"`
	// Renamed tables have their rows under another name, so that one which is
	// renamed into the old name may well have the same rows: online schema changes
	// take two steps for that at times.
	Renamed bool `json:"renamed,omitempty"`
}

// change is the state that holds a value under the name of a table.
func change(prefix string, n table.Name, value any) sdk.StateChange {
	b, _ := json.Marshal(value) // strings and a time never fail
	return sdk.StateChange{Key: prefix + n.StateKey(), Value: b}
}

func removal(prefix string, n table.Name) sdk.StateChange {
	return sdk.StateChange{Key: prefix + n.StateKey()}
}

func read(key string, value []byte, into any) error {
	if err := json.Unmarshal(value, into); err != nil {
		return fmt.Errorf("read state %s: %w", key, err)
	}
	return nil
}
