package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/sdk/config"
)

// silence is that a plugin hangs, such as in its constructor.
type silence struct {
	path, plugin, pipeline, what string
	within                       time.Duration
}

func (s *silence) Error() string {
	return fmt.Sprintf("plugin %s (%s) of pipeline %s has not %s within %s", s.path, s.plugin, s.pipeline, s.what, config.FormatDuration(s.within))
}

// caller returns what calls the plugin of a stage, and waits only so long for it.
func (v *validation) caller(ctx context.Context, f *pipeline.File, s pipeline.NamedStage) func(what string, call func(context.Context) error) error {
	limit := v.app.liveTimeout
	if v.static {
		limit = v.app.checkTimeout
	}
	return func(what string, call func(context.Context) error) error {
		waiting, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		err := call(waiting)
		if plugin.TimedOut(err) && ctx.Err() == nil {
			return &silence{s.Path, s.Plugin, f.Definition.Name, what, limit}
		}
		return err
	}
}

// unanswered is the finding that a call has failed: by silence, or else with a
// message and a cure.
func unanswered(f *pipeline.File, s pipeline.NamedStage, err error, message, cure string) finding {
	if silent, ok := errors.AsType[*silence](err); ok {
		found := stageFault(f, s, silent.Error(), "look at its log; if it waits for another system, see to that")
		found.silent = true
		return found
	}
	return stageFault(f, s, message, cure)
}
