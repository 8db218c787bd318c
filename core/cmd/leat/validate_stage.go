package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/sdk/config"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// stage has the plugin of one stage check its configuration. That the plugin
// cannot be asked, or is of the wrong kind, is a finding too, and nothing is known
// of it then.
func (v *validation) stage(ctx context.Context, f *pipeline.File, s pipeline.NamedStage, sinks []plugin.Sink, before, own *forecast) (*leatv1.DescribeResponse, []finding) {
	call := v.caller(ctx, f, s)
	var p process
	err := call("started", func(ctx context.Context) (err error) {
		p, err = v.app.start(ctx, v.app.pluginDirs, plugin.Settings{
			Path: s.Plugin, SHA256: s.SHA256, Env: s.Env, Pipeline: f.Definition.Name, Name: s.Name,
			Logger: v.app.logger.With("pipeline", f.Definition.Name, "plugin", s.Name),
		})
		return err
	})
	var env *plugin.EnvironmentError
	switch {
	case errors.As(err, &env):
		return nil, undeclared(f, s, env)
	case err != nil:
		return nil, []finding{unanswered(f, s, err, err.Error(), "")}
	}
	defer func() { v.end(p, err) }()
	var described *leatv1.DescribeResponse
	err = call("answered Describe", func(ctx context.Context) (err error) {
		described, err = p.Describe(ctx)
		return err
	})
	if err != nil {
		return nil, []finding{unanswered(f, s, err, "does not answer: "+err.Error(), "rebuild it with this version's SDK")}
	}
	if want := kindOf(s); described.GetKind() != want {
		return nil, []finding{stageFault(f, s, fmt.Sprintf("%s is a %s, not a %s", s.Plugin, kindName(described.GetKind()), kindName(want)),
			"name a "+kindName(want)+", or move it")}
	}
	check := plugin.Check{Config: s.Config, Files: s.Files, Live: !v.static, Expected: before.wait(v.static)}
	if kindOf(s) == leatv1.Kind_KIND_SOURCE {
		check.Sinks = sinks
	}
	var answer *leatv1.ValidateResponse
	err = call("answered Validate", func(ctx context.Context) (err error) {
		answer, err = p.Validate(ctx, check)
		return err
	})
	if err != nil {
		return described, []finding{unanswered(f, s, err, "ended while it checked: "+err.Error(), "look at its log above")}
	}
	own.streams = answer.GetStreams()
	return described, append(unset(f, s), located(f, s, answer.GetFindings())...)
}

// end lets go of a process, by which err has come up.
func (v *validation) end(p process, err error) {
	if real, ok := p.(*plugin.Process); ok && v.started != nil && !errors.As(err, new(*silence)) {
		v.started.Put(real)
		return
	}
	p.Kill()
}

func located(f *pipeline.File, s pipeline.NamedStage, found []*leatv1.Finding) []finding {
	findings := make([]finding, len(found))
	for i, r := range found {
		findings[i] = finding{
			Severity: severityOf(r.GetSeverity()), Pipeline: f.Definition.Name, Stage: s.Name, Check: r.GetCheck(),
			Problem: f.StageProblem(s.Stage, config.Problem{Path: r.GetPath(), Message: r.GetMessage(), Cure: r.GetCure()}),
		}
	}
	return findings
}

func stageFault(f *pipeline.File, s pipeline.NamedStage, message, cure string) finding {
	return finding{
		Severity: severityError, Pipeline: f.Definition.Name, Stage: s.Name, Check: "plugin",
		Problem: f.Problem(config.Problem{Path: s.Path + ".plugin", Message: message, Cure: cure}),
	}
}

func kindOf(s pipeline.NamedStage) leatv1.Kind {
	switch s.Path {
	case pipeline.SourceName:
		return leatv1.Kind_KIND_SOURCE
	case pipeline.TransformName:
		return leatv1.Kind_KIND_TRANSFORM
	}
	return leatv1.Kind_KIND_SINK
}

// kindName writes a kind as the pipeline file does.
func kindName(k leatv1.Kind) string {
	return strings.ToLower(strings.TrimPrefix(k.String(), "KIND_"))
}
