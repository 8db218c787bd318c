package plugin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/sdk/profile"
)

// passed are the variables of the host that every plugin gets: how the Go runtime
// and TLS behave and where profiles go, never what an operator might keep a secret
// in.
var passed = []string{
	"GODEBUG", "GOGC", "GOMAXPROCS", "GOMEMLIMIT", "GOTRACEBACK",
	"HOME", "LANG", profile.Env, "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ",
}

// EnvironmentError means that variables are listed for a plugin which it does not
// declare.
type EnvironmentError struct {
	// Plugin is the plugin's own name.
	Plugin string
	// Undeclared are those of the listed variables that it does not declare, and
	// Honours those that it does.
	Undeclared, Honours []string
}

// Error names all of them.
func (e *EnvironmentError) Error() string {
	faults := make([]string, len(e.Undeclared))
	for i, name := range e.Undeclared {
		faults[i] = e.Fault(name)
	}
	return "env: " + strings.Join(faults, "; ")
}

// Fault says what is wrong with one of them, and what could be listed.
func (e *EnvironmentError) Fault(name string) string {
	switch {
	case slices.Contains(passed, name):
		return fmt.Sprintf("lists %s, which every plugin gets", name)
	case len(e.Honours) == 0:
		return fmt.Sprintf("lists %s, but %s honours no variables", name, e.Plugin)
	}
	return fmt.Sprintf("lists %s, which %s does not use; it honours %s", name, e.Plugin, strings.Join(e.Honours, ", "))
}

// checkEnv asks the plugin whether it declares what is listed for it, in a process
// that has none of that.
func (s *Settings) checkEnv(ctx context.Context) error {
	if len(s.Env) == 0 {
		return nil
	}
	p, err := launch(ctx, *s, nil)
	if err != nil {
		return err
	}
	defer p.Kill()
	d, err := p.Describe(ctx)
	if err != nil {
		return fmt.Errorf("describe plugin %s: %w", s.Name, err)
	}
	e := &EnvironmentError{Plugin: d.GetName(), Honours: d.GetEnvironment()}
	for _, name := range s.Env {
		if !slices.Contains(e.Honours, name) {
			e.Undeclared = append(e.Undeclared, name)
		}
	}
	if len(e.Undeclared) > 0 {
		return e
	}
	return nil
}

// pluginEnv picks from the host's environment what a plugin gets.
func pluginEnv(host, listed []string) []string {
	out := []string{}
	for _, kv := range host {
		name, _, _ := strings.Cut(kv, "=")
		if slices.Contains(passed, name) || slices.Contains(listed, name) {
			out = append(out, kv)
		}
	}
	return out
}
