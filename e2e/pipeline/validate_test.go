//go:build e2e

package pipeline_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/harness"
)

// validates has leat check a pipeline file, and wants an exit code and words in
// what is found.
func validates(t *testing.T, file string, code int, words ...string) {
	t.Helper()
	root := harness.Root(t)
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, "bin/leat"), "validate", file)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("start leat: %v", err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Errorf("validate ends with code %d, want %d:\n%s", got, code, out)
	}
	for _, w := range words {
		if !strings.Contains(string(out), w) {
			t.Errorf("validate does not say %q:\n%s", w, out)
		}
	}
}
