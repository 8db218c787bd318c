// Package machine says what a benchmark runs on.
package machine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

// Read describes this machine. It works on Linux only.
func Read() (result.Machine, error) {
	m := result.Machine{Cores: runtime.NumCPU()}
	cpu, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return m, fmt.Errorf("describe machine: %w", err)
	}
	memory, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return m, fmt.Errorf("describe machine: %w", err)
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return m, fmt.Errorf("describe machine: %w", err)
	}
	m.CPU, m.Kernel = field(string(cpu), "model name"), strings.TrimSpace(string(kernel))
	if m.CPU == "" {
		m.CPU = runtime.GOARCH // not every architecture names its processors
	}
	kib, err := strconv.ParseInt(strings.TrimSuffix(field(string(memory), "MemTotal"), " kB"), 10, 64)
	if err != nil {
		return m, fmt.Errorf("describe machine: read MemTotal: %w", err)
	}
	m.Memory = kib << 10
	return m, nil
}

// field returns the value of the first line `name : value`.
func field(text, name string) string {
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
