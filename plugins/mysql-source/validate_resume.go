package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/history"
	"github.com/leat-io/leat/plugins/mysql-source/internal/scope"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

var _ sdk.ResumeValidator = (*Source)(nil)

const (
	checkCheckpoint = "checkpoint"
	checkFilter     = "filter"
)

// ValidateResume finds what Open and Read would refuse to resume at.
func (s *Source) ValidateResume(ctx context.Context, r sdk.Resume) []sdk.Finding {
	if err := s.take(r); err != nil {
		return []sdk.Finding{{Severity: sdk.Error, Check: checkCheckpoint, Message: err.Error(), Cure: cure.NewSnapshot}}
	}
	conn, err := s.server.Connect(ctx)
	if err != nil {
		return unjudged(err)
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	if s.facts, err = conn.Facts(); err != nil {
		return unjudged(err)
	}
	var out []sdk.Finding
	for i := range s.sinks {
		out = append(out, s.logFinding(ctx, conn, i))
		out = append(out, s.filterFindings(conn, i)...)
	}
	if slices.ContainsFunc(out, func(f sdk.Finding) bool { return f.Severity == sdk.Error }) {
		return out
	}
	if err := s.planned(); err != nil {
		out = append(out, sdk.Finding{Severity: sdk.Error, Check: checkCheckpoint, Message: err.Error(), Cure: cure.NewSnapshot})
	}
	return out
}

func unjudged(err error) []sdk.Finding {
	return []sdk.Finding{{
		Severity: sdk.Error, Check: checkCheckpoint, Path: server.Key(err),
		Message: "whether the sinks can resume is not known: " + err.Error(),
	}}
}

// logFinding says whether the log is the one that a sink's position is of.
func (s *Source) logFinding(ctx context.Context, conn *server.Conn, i int) sdk.Finding {
	sink := &s.sinks[i]
	err := s.judgeLog(ctx, conn, i)
	f := sdk.Finding{Severity: sdk.Error, Check: checkCheckpoint, Cure: history.Cure(err)}
	switch {
	case err == nil && sink.Fresh:
		f.Severity, f.Message = sdk.OK, fmt.Sprintf("the snapshot for sink %s was not finished and is taken again", sink.Name)
		return f
	case err == nil:
		f.Severity, f.Message = sdk.OK, fmt.Sprintf("sink %s resumes at %s", sink.Name, sink.Done.Place)
		return f
	case errors.Is(err, history.ErrBehind):
		f.Severity = sdk.Warning
	}
	f.Message = fmt.Sprintf("resume sink %s: %v", sink.Name, err)
	return f
}

// filterFindings says whether the filter captures what a sink was never given.
func (s *Source) filterFindings(conn *server.Conn, i int) []sdk.Finding {
	f := sdk.Finding{Severity: sdk.Error, Check: checkFilter, Path: "include", Cure: widenedCure}
	gains, err := s.widened(conn, i)
	switch {
	case err != nil:
		f.Message = err.Error()
	case len(gains) == 0:
		return nil
	case s.skipsNewTables():
		f.Severity, f.Path = sdk.Warning, "snapshot.new_tables"
		f.Message, f.Cure = fmt.Sprintf("sink %s: %s: %s", s.sinks[i].Name, widenedSkipped, scope.List(gains)), "to have those rows, "+cure.NewSnapshot
	default:
		f.Message = widenedRefusal(s.sinks[i].Name, gains)
	}
	return []sdk.Finding{f}
}

// planned sees that there is a place where the stream can begin.
func (s *Source) planned() error {
	if s.sinks.Fresh() == 0 {
		_, err := s.start()
		return err
	}
	_, err := s.sinks.Begun()
	return err
}
