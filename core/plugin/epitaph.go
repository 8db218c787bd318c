package plugin

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/core/flow"
)

// deathTimeout is how long an end that was seen at a socket may take to be seen at
// the process.
const deathTimeout = time.Second

// ended says how a process ended, in place of the error that was seen of it.
type ended struct {
	cause error
	state string
	words string
}

func (e *ended) Error() string {
	if e.words == "" {
		return "plugin ended: " + e.state
	}
	return fmt.Sprintf("plugin ended: %s: %s", e.state, e.words)
}

func (e *ended) Unwrap() error { return e.cause }

// Epitaph returns how the process ended and what it said last, if that is why err
// came: a connection that was lost. Any other error is returned as it is. It is
// called before Kill.
func (p *Process) Epitaph(err error) error {
	if !errors.Is(err, flow.ErrGone) && status.Code(err) != codes.Unavailable {
		return err
	}
	if state := p.await(deathTimeout); state != nil {
		return &ended{cause: err, state: state.String(), words: p.output.lastWords()}
	}
	return fmt.Errorf("%w, but its process, or one that it has started, still runs", err)
}

// What go-plugin says of a process that does not begin as a plugin does; it has no
// errors to tell them apart by.
const (
	noPlugin = "Unrecognized remote plugin message: "
	noLines  = "plugin exited before we could connect"
	noWord   = "timeout while waiting for plugin to start"
)

// startError says why a process did not become a plugin.
func (p *Process) startError(err error) error {
	text, isLine := strings.CutPrefix(err.Error(), noPlugin)
	line, _, _ := strings.Cut(text, "\n")
	switch {
	case isLine && line != "":
		return fmt.Errorf("%w: %s begins with %.100q; remove it from the plugin folder, or rebuild it", ErrNotPlugin, p.settings.Path, line)
	case isLine, strings.HasPrefix(text, noLines):
		return &ended{cause: fmt.Errorf("%w: %w", ErrNotPlugin, err), state: p.ending(), words: p.output.lastWords()}
	case strings.HasPrefix(text, noWord):
		return fmt.Errorf("%w: %s has not said within %v that it is one", ErrNotPlugin, p.settings.Path, p.settings.timeout())
	default:
		return fmt.Errorf("start plugin %s: %w", p.settings.Path, err)
	}
}

func (p *Process) ending() string {
	if state := p.await(deathTimeout); state != nil {
		return p.settings.Path + " before it said that it is a plugin: " + state.String()
	}
	return p.settings.Path + " closed its output before it said that it is a plugin"
}

// await returns the state of a process that ends within the timeout, else nil.
func (p *Process) await(timeout time.Duration) *os.ProcessState {
	for deadline := time.Now().Add(timeout); !p.client.Exited(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			return nil
		}
	}
	return p.cmd.ProcessState
}
