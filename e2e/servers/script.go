package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// scriptsDir is e2e/services, found from the working directory upwards: go test and go run
// leave it somewhere inside the clone.
func scriptsDir() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find scripts: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		scripts := filepath.Join(dir, "e2e", "services")
		_, err := os.Stat(filepath.Join(scripts, "lib.sh"))
		if err == nil {
			return scripts, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("find scripts: %w", err)
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("find scripts: %s is not inside a clone of leat: run from one", start)
		}
	}
}

// fetch has the script put its server into the cache, which may take a while the first time.
func fetch(ctx context.Context, script string, env []string, progress io.Writer) error {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, script, "fetch")
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = &said
	if progress != nil {
		cmd.Stderr = io.MultiWriter(&said, progress)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s fetch: %w: %s", script, err, bytes.TrimSpace(said.Bytes()))
	}
	return nil
}
