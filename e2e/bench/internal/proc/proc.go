// Package proc reads from /proc what a process and all that it has started have
// used: CPU time and the most memory at once. It works on Linux only.
//
// Start reading at Tree; Meter keeps the highest of many readings.
package proc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrEnded means that the process is no more.
var ErrEnded = errors.New("process has ended")

// tick is the unit of times in /proc/PID/stat; it is 100 Hz for all programs.
const tick = 10 * time.Millisecond

// Process is one reading of one process.
type Process struct {
	Pid  int
	Name string
	// CPU is the time it has used in user and kernel mode, and that of its
	// children that have ended.
	CPU time.Duration
	// Peak is the most memory it has ever had resident, in bytes.
	Peak int64
}

// Tree reads a process and its descendants, the process itself first.
func Tree(pid int) ([]Process, error) {
	root, err := read(pid)
	if err != nil {
		return nil, err
	}
	out := []Process{root}
	for i := 0; i < len(out); i++ {
		for _, child := range children(out[i].Pid) {
			// One that ends this moment is counted in its parent from now on.
			if p, err := read(child); err == nil {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// CPU sums the time of processes.
func CPU(processes []Process) time.Duration {
	var sum time.Duration
	for _, p := range processes {
		sum += p.CPU
	}
	return sum
}

func read(pid int) (Process, error) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return Process{}, fmt.Errorf("read process %d: %w: %w", pid, ErrEnded, err)
	}
	p, err := parseStat(string(stat))
	if err != nil {
		return Process{}, fmt.Errorf("read process %d: %w", pid, err)
	}
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return Process{}, fmt.Errorf("read process %d: %w: %w", pid, ErrEnded, err)
	}
	p.Pid, p.Peak = pid, parsePeak(string(status))
	return p, nil
}

// parseStat reads the name and the times; the name stands in parentheses and may
// itself contain them.
func parseStat(stat string) (Process, error) {
	from, to := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	if from < 0 || to < from {
		return Process{}, fmt.Errorf("stat %q has no name", stat)
	}
	const state, utime, cstime = 0, 11, 14
	fields := strings.Fields(stat[to+1:])
	if len(fields) <= cstime {
		return Process{}, fmt.Errorf("stat %q is short", stat)
	}
	if fields[state] == "Z" || fields[state] == "X" {
		return Process{}, ErrEnded
	}
	p := Process{Name: stat[from+1 : to]}
	for _, field := range fields[utime : cstime+1] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return Process{}, fmt.Errorf("stat %q: %w", stat, err)
		}
		p.CPU += time.Duration(ticks) * tick
	}
	return p, nil
}

// parsePeak returns VmHWM in bytes, zero for a process that is about to end.
func parsePeak(status string) int64 {
	for line := range strings.Lines(status) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kib << 10
		}
	}
	return 0
}

func children(pid int) []int {
	var out []int
	// The pattern has no error, and a thread that has ended has no children.
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, path := range tasks {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		for field := range strings.FieldsSeq(string(b)) {
			if n, err := strconv.Atoi(field); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}
