package main

import (
	"errors"
	"io/fs"
	"log/slog"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/sdk/config"
)

// resume returns the sinks that the host has a checkpoint of, so that the source
// can say whether it would resume there, and what is wrong with the checkpoints. Another leat may run the pipeline: its
// checkpoints are read beside it.
func (v *validation) resume(f *pipeline.File) (sinks []plugin.Sink, found []finding) {
	if v.static {
		return nil, nil
	}
	d := f.Definition
	store, err := checkpoint.Look(d.Checkpoint.Dir, d.Name, slog.New(slog.DiscardHandler))
	switch {
	case errors.Is(err, checkpoint.ErrNone):
		return nil, nil
	case err != nil:
		return nil, []finding{checkpointFault(f, err)}
	case store.FellBack() != "":
		found = append(found, checkpointFinding(f, severityWarning,
			"the newest checkpoint may be lost: the one before it is used, and what came since is sent again: "+store.FellBack(),
			"look into the disk, unless the power was cut"))
	}
	for _, sink := range d.Sinks {
		if c := store.Load(sink.Name); c != nil {
			sinks = append(sinks, plugin.Sink{Name: sink.Name, Checkpoint: &ledger.Checkpoint{Position: c.Position, State: c.State}})
		}
	}
	return sinks, found
}

// checkpointFault is the finding for a file that leat run would end at. One that
// another leat has locked is none: that leat has read it.
func checkpointFault(f *pipeline.File, err error) finding {
	var damage *checkpoint.Damage
	var found finding
	switch {
	case errors.Is(err, checkpoint.ErrLocked):
		return checkpointFinding(f, severityWarning, err.Error(), "stop it to have checked whether the source can resume")
	case errors.As(err, &damage):
		found = checkpointFinding(f, severityError, damage.What(), damage.Cure())
	case errors.Is(err, fs.ErrPermission):
		found = checkpointFinding(f, severityError, err.Error(), "validate as the user that leat runs as, or give it the rights to the folder")
	default:
		found = checkpointFinding(f, severityError, err.Error(), "")
	}
	if errors.Is(err, checkpoint.ErrDamaged) || errors.Is(err, checkpoint.ErrNewer) {
		found.code = exitDamaged
	}
	return found
}

func checkpointFinding(f *pipeline.File, severity, message, cure string) finding {
	return finding{
		Severity: severity, Pipeline: f.Definition.Name, Check: "checkpoint",
		Problem: f.Problem(config.Problem{Path: "checkpoint.dir", Message: message, Cure: cure}),
	}
}
