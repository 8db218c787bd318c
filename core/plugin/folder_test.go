package plugin

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// entries returns the names in a folder.
func entries(t *testing.T, path string) []string {
	t.Helper()
	all, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

// shortDir is a folder of the test whose name leaves room for those of sockets.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "t") //nolint:usetesting // that of the test may be too long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func TestFolderOfSockets(t *testing.T) { //nolint:paralleltest // it sets TMPDIR
	temp := shortDir(t)
	t.Setenv("TMPDIR", temp)
	var f hostFolder
	first, err := f.take()
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.take()
	if err != nil || first == second {
		t.Fatalf("got %s and %s, %v", first, second, err)
	}
	for _, path := range []string{first, filepath.Dir(first)} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s has the mode %v, %v", path, info.Mode(), err)
		}
	}
	l, err := net.Listen("unix", filepath.Join(first, "plugin1234567890"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f.giveBack(first)
	sweep(temp)
	if _, err := os.Stat(second); err != nil {
		t.Errorf("the folder of another process is gone: %v", err)
	}
	f.giveBack(second)
	if left := entries(t, temp); len(left) > 0 {
		t.Errorf("%v stays behind", left)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	folders := map[string]bool{"leat-1-1": false, "leat-1-2": true, "leat-1-3": true, "other": true, "leat-1-4": true}
	for name := range folders {
		if err := os.Mkdir(filepath.Join(temp, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"leat-1-1", "leat-1-2", "other"} {
		lock, err := lockFolder(filepath.Join(temp, name))
		if err != nil {
			t.Fatal(err)
		}
		defer lock.Close()
		if name != "leat-1-2" {
			lock.Close()
		}
	}
	if err := os.Symlink("/dev/null", filepath.Join(temp, "leat-1-4", lockName)); err != nil {
		t.Fatal(err)
	}
	sweep(temp)
	for name, stays := range folders {
		if _, err := os.Stat(filepath.Join(temp, name)); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSocketBase(t *testing.T) {
	t.Parallel()
	for temp, want := range map[string]string{"/var/tmp": "/var/tmp", "/" + strings.Repeat("x", 60): "/tmp"} {
		if got, err := socketBase(temp); got != want || err != nil {
			t.Errorf("of %s: got %s, %v", temp, got, err)
		}
	}
}

func TestNothingOfAKilledHostStays(t *testing.T) {
	t.Parallel()
	temp := shortDir(t)
	file := filepath.Join(temp, "pid")
	host := exec.Command(installed(t))
	host.Env = append(os.Environ(), "TMPDIR="+temp, fmt.Sprintf(`%s={"leave":true,"pid_to":%q}`, hostEnv, file))
	stdout, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	child, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(host.Process.Signal(syscall.SIGKILL)); err != nil {
		t.Fatal(err)
	}
	_ = host.Wait() // it was killed
	for _, pid := range []string{strings.TrimSpace(line), string(child)} {
		eventually(t, "the end of process "+pid, func() bool {
			stat, err := os.ReadFile("/proc/" + pid + "/stat")
			return err != nil || strings.Contains(string(stat), ") Z ")
		})
	}
	if left := entries(t, temp); len(left) != 2 {
		t.Errorf("beside the file there is %v", left)
	}
	sweep(temp)
	if left := entries(t, temp); len(left) != 1 {
		t.Errorf("after the next start there is %v", left)
	}
}
