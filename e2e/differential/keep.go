package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/run"
	"github.com/leat-io/leat/e2e/servers"
)

// keptFile has the addresses of servers that a run with -servers keeps, in the form of a shell script.
func keptFile() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("leat-differential-%d.sh", os.Getuid()))
}

// keep lets other runs find the lab's servers until ctx ends.
func keep(ctx context.Context, lab *run.Lab) error {
	if err := os.WriteFile(keptFile(), []byte(lab.Environment()), 0o600); err != nil {
		return fmt.Errorf("keep servers: %w", err)
	}
	fmt.Printf("%sother runs find these servers by %s; interrupt this one to end them\n", lab.Environment(), keptFile())
	<-ctx.Done()
	return os.Remove(keptFile())
}

// useKept names kept servers in the environment, unless it names some itself or they have gone.
func useKept() error {
	text, err := os.ReadFile(keptFile())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find servers: %w", err)
	}
	kept := environment(string(text))
	for name := range kept {
		if os.Getenv(name) != "" {
			return nil
		}
	}
	response, err := http.Get(kept[servers.EnvConnect]) //nolint:noctx // on this machine
	if err != nil {
		return os.Remove(keptFile()) // whoever kept them was killed
	}
	defer response.Body.Close()
	for name, value := range kept {
		if err := os.Setenv(name, value); err != nil {
			return fmt.Errorf("use servers of %s: %w", keptFile(), err)
		}
	}
	return nil
}

// environment reads lines of the form export NAME=VALUE.
func environment(script string) map[string]string {
	out := map[string]string{}
	for line := range strings.SplitSeq(script, "\n") {
		if name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "="); ok {
			out[name] = value
		}
	}
	return out
}
