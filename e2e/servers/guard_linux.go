package servers

import "syscall"

// guarded has the kernel kill the child when the thread that started it ends, so that not even
// SIGKILL of a test leaves a server behind. Its own process group keeps a terminal's Ctrl-C from
// it: the one who started it says when it ends.
func guarded() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
