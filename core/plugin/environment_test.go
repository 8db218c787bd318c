package plugin

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPluginEnv(t *testing.T) {
	t.Parallel()
	host := []string{"PATH=/bin", "AWS_SECRET_ACCESS_KEY=x", "PATHS=y", "GOGC=50", "broken", "LEAT_TOKEN=z", "TZ="}
	tests := map[string]struct{ listed, want []string }{
		"nothing is listed": {nil, []string{"PATH=/bin", "GOGC=50", "TZ="}},
		"one is listed":     {[]string{"LEAT_TOKEN"}, []string{"PATH=/bin", "GOGC=50", "LEAT_TOKEN=z", "TZ="}},
		"one is not there":  {[]string{"MISSING", "broken="}, []string{"PATH=/bin", "GOGC=50", "TZ="}},
	}
	for name, tt := range tests {
		if diff := cmp.Diff(tt.want, pluginEnv(host, tt.listed)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestVariablesReachWhoDeclaresThem looks at the environment of a real process.
func TestVariablesReachWhoDeclaresThem(t *testing.T) {
	t.Setenv("WAITER_TOKEN", "t")
	t.Setenv("WAITER_OTHER", "o")
	t.Setenv("WAITER_UNDECLARED", "u")
	tests := map[string]struct {
		listed  []string
		want    string
		refused []string
	}{
		"none listed":              {nil, "", nil},
		"one of those declared":    {[]string{"WAITER_TOKEN"}, "WAITER_TOKEN=t", nil},
		"declared and not there":   {[]string{"WAITER_OTHER"}, "WAITER_OTHER=o", nil},
		"not declared":             {[]string{"WAITER_TOKEN", "WAITER_UNDECLARED"}, "", []string{"WAITER_UNDECLARED"}},
		"one that all plugins get": {[]string{"PATH"}, "", []string{"PATH"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Start(t.Context(), Settings{Path: installed(t), Name: "source", Env: tt.listed, Logger: slog.New(slog.DiscardHandler)})
			var e *EnvironmentError
			if errors.As(err, &e) {
				if diff := cmp.Diff(tt.refused, e.Undeclared); diff != "" {
					t.Error(diff)
				}
				return
			}
			if err != nil || tt.refused != nil {
				t.Fatalf("got %v, want %v to be refused", err, tt.refused)
			}
			t.Cleanup(p.Kill)
			if diff := cmp.Diff(tt.want, waiterVariables(t, p)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// waiterVariables returns what a process has of the variables named after it.
func waiterVariables(t *testing.T, p *Process) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "environment")
	opened, err := p.Open(t.Context(), Open{Config: []byte(`{"env_to":"` + path + `"}`)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Conn.Close() })
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "WAITER_") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return strings.Join(found, " ")
}

func TestEnvironmentErrorSaysWhatToList(t *testing.T) {
	t.Parallel()
	some := &EnvironmentError{Plugin: "kafka-sink", Undeclared: []string{"FOO", "HOME"}, Honours: []string{"A", "B"}}
	none := &EnvironmentError{Plugin: "kafka-sink", Undeclared: []string{"FOO"}}
	for want, e := range map[string]*EnvironmentError{
		"env: lists FOO, which kafka-sink does not use; it honours A, B; lists HOME, which every plugin gets": some,
		"env: lists FOO, but kafka-sink honours no variables":                                                 none,
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
