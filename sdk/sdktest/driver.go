package sdktest

import (
	"encoding/json"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/leat-io/leat/sdk"
)

// Driver is what every suite needs to know of a plugin.
type Driver struct {
	// New makes the plugin, as its main function does. Each call stands for a new
	// process: nothing but the plugin's system may survive from one to the next.
	New func() *sdk.Plugin
	// Config is a configuration that works, as a value that becomes JSON.
	Config any
	// Invalid configurations by the path of the key that is at fault. Empty:
	// the suite only tries a key that no plugin has.
	Invalid map[string]any
	// Faults are configurations of the right shape that Open must refuse.
	Faults []Fault
	// Timeout for each answer of the plugin; 0 is half a minute.
	Timeout time.Duration
	// Leaks are goroutines that stay after Close, of libraries that cannot end them.
	Leaks []goleak.Option
}

// Fault is a configuration that cannot work, and what has to be said of it.
type Fault struct {
	// Name of the fault: "unreachable", "wrong password".
	Name   string
	Config any
	// Transient says whether the fault may go away by itself.
	Transient bool
}

// run runs a subtest and sees that it leaves no goroutine.
func (d *Driver) run(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	before := append([]goleak.Option{goleak.IgnoreCurrent()}, d.Leaks...)
	t.Run(name, func(t *testing.T) {
		t.Cleanup(func() {
			if !t.Failed() { // a test that failed may have left off in the middle
				goleak.VerifyNone(t, before...)
			}
		})
		test(t)
	})
}

func (d *Driver) timeout() time.Duration {
	if d.Timeout == 0 {
		return defaultTimeout
	}
	return d.Timeout
}

func (d *Driver) encode(t *testing.T, config any) []byte {
	t.Helper()
	raw, err := json.Marshal(config)
	if err != nil {
		t.Fatalf("encode configuration: %v", err)
	}
	return raw
}
