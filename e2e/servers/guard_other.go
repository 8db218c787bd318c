//go:build unix && !linux

package servers

import "syscall"

// guarded gives the child its own process group. There is no death signal here: a server outlives
// a parent that is killed, and then has to be ended by hand.
func guarded() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
