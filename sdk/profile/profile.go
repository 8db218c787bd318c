// Package profile lets an operator see where a leat process spends its time and
// memory: with the environment variable LEAT_PROFILE set to a folder, the host
// and each of its plugins leave a CPU profile and an allocation profile there
// when they stop in order, for go tool pprof.
//
// It samples and serves nothing over the network, and without the variable it
// costs nothing. The SDK calls it for every plugin.
package profile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// Env is the environment variable that names the folder of the profiles.
const Env = "LEAT_PROFILE"

// Start begins the profiles DIR/NAME.cpu.pprof and DIR/NAME.allocs.pprof, and
// makes the folder. The function that it returns completes them; it must be
// called once. A process has one CPU profile at a time: a second Start fails.
func Start(dir, name string) (stop func() error, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make folder of profiles: %w", err)
	}
	cpu, err := os.Create(filepath.Join(dir, name+".cpu.pprof"))
	if err != nil {
		return nil, fmt.Errorf("create CPU profile: %w", err)
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, errors.Join(fmt.Errorf("start CPU profile: %w", err), cpu.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return errors.Join(cpu.Close(), writeAllocs(filepath.Join(dir, name+".allocs.pprof")))
	}, nil
}

// writeAllocs writes all allocations since the process began.
func writeAllocs(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("create allocation profile: %w", err)
	}
	if err := pprof.Lookup("allocs").WriteTo(f, 0); err != nil {
		return errors.Join(fmt.Errorf("write allocation profile: %w", err), f.Close())
	}
	return f.Close()
}
