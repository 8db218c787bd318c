package sdk

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/sdk/config"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func fieldToProto(f config.Field) *leatv1.ConfigField {
	return &leatv1.ConfigField{
		Key: f.Key, Type: f.Type, Default: string(f.Default), Required: f.Required,
		Secret: f.Secret, Doc: f.Doc, Options: f.Options, Unit: f.Unit,
	}
}

func problemsToProto(problems []config.Problem) []*leatv1.Finding {
	out := make([]*leatv1.Finding, len(problems))
	for i, p := range problems {
		out[i] = &leatv1.Finding{
			Severity: leatv1.Severity_SEVERITY_ERROR, Check: "config",
			Path: p.Path, Message: p.Message, Cure: p.Cure,
		}
	}
	return out
}

// problemsError is permanent unless all faults are of files that may be in the
// middle of being replaced: the host has had the configuration checked before.
func problemsError(problems []config.Problem) error {
	var errs []error
	passing := true
	for _, p := range problems {
		errs = append(errs, fmt.Errorf("config: %v", p))
		passing = passing && p.Passing
	}
	if passing {
		return Transient(errors.Join(errs...))
	}
	return Permanent(errors.Join(errs...))
}

func findingToProto(f Finding) *leatv1.Finding {
	severity := map[Severity]leatv1.Severity{
		OK: leatv1.Severity_SEVERITY_OK, Warning: leatv1.Severity_SEVERITY_WARNING, Error: leatv1.Severity_SEVERITY_ERROR,
	}[f.Severity]
	return &leatv1.Finding{Severity: severity, Check: f.Check, Path: f.Path, Message: f.Message, Cure: f.Cure}
}

func failureToProto(err error) *leatv1.Failure {
	if err == nil {
		return nil
	}
	return &leatv1.Failure{Message: err.Error(), Kind: failureKind(err)}
}

func checkpointFromProto(c *leatv1.Checkpoint) (*Checkpoint, error) {
	if c == nil {
		return nil, nil
	}
	p, err := ParsePosition(c.GetPosition())
	if err != nil {
		return nil, Permanent(fmt.Errorf("read checkpoint: %w", err))
	}
	return &Checkpoint{Position: p, State: c.GetState()}, nil
}

func resumeFromProto(sinks []*leatv1.Sink) (Resume, error) {
	var r Resume
	for _, sink := range sinks {
		checkpoint, err := checkpointFromProto(sink.GetCheckpoint())
		if err != nil {
			return Resume{}, fmt.Errorf("sink %s: %w", sink.GetName(), err)
		}
		r.Sinks = append(r.Sinks, SinkState{Name: sink.GetName(), Checkpoint: checkpoint})
	}
	return r, nil
}

func checkpointToProto(c *Checkpoint) *leatv1.Checkpoint {
	if c == nil {
		return nil
	}
	b, _ := c.Position.AppendBinary(nil)
	return &leatv1.Checkpoint{Position: b, State: c.State}
}
