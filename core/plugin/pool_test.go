package plugin

import (
	"syscall"
	"testing"
)

func TestPool(t *testing.T) {
	t.Parallel()
	t.Run("hands a process out once, to its owner", func(t *testing.T) {
		t.Parallel()
		pool, p := new(Pool), start(t, &log{})
		pool.Put(p)
		if other := pool.Take(p.settings.Pipeline, "other"); other != nil {
			t.Errorf("another plugin got process %d", other.Pid())
		}
		if got := pool.Take(p.settings.Pipeline, p.settings.Name); got != p {
			t.Errorf("got %v, want the process", got)
		}
		if got := pool.Take(p.settings.Pipeline, p.settings.Name); got != nil {
			t.Errorf("got process %d twice", got.Pid())
		}
		pool.Kill()
		if _, err := p.Describe(t.Context()); err != nil {
			t.Errorf("a process that was taken has ended: %v", err)
		}
	})
	t.Run("ends those that nobody took", func(t *testing.T) {
		t.Parallel()
		pool, p := new(Pool), start(t, &log{})
		pool.Put(p)
		pool.Kill()
		eventually(t, "end of the process", func() bool { return syscall.Kill(p.Pid(), 0) != nil })
		if got := pool.Take(p.settings.Pipeline, p.settings.Name); got != nil {
			t.Error("a process that has ended is handed out")
		}
	})
	t.Run("nil is empty", func(t *testing.T) {
		t.Parallel()
		if got := (*Pool)(nil).Take("p", "n"); got != nil {
			t.Errorf("got %v", got)
		}
	})
}
