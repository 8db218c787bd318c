//go:build unix

package sdk

import (
	"os"
	"syscall"
)

// endGroup kills what the plugin has started, and the plugin itself. Only a group
// of its own is ended, as the host makes one for each plugin: of a process that
// somebody has started by hand, others may be members of the group.
func endGroup() {
	if pid := os.Getpid(); syscall.Getpgrp() == pid {
		_ = syscall.Kill(-pid, syscall.SIGKILL) // if not, the plugin exits alone
	}
}
