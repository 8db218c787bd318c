package sdk

import (
	"context"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// ResumeValidator is a Source that can say ahead of time whether it would resume
// where the sinks stand, so that a position which the system cannot serve any more
// is found before a start. It is called after Validate, on an instance that is not
// opened and possibly beside one that runs, and changes nothing.
type ResumeValidator interface {
	// ValidateResume judges the sinks that have a checkpoint; the others are not in r.
	// What Open would refuse is a finding of severity Error that names the sink.
	ValidateResume(ctx context.Context, r Resume) []Finding
}

// checkpointCheck is the name of the check whether a source can resume.
const checkpointCheck = "checkpoint"

// validateResume asks a plugin that can tell, if there is anything to resume.
func validateResume(ctx context.Context, plugin any, sinks []*leatv1.Sink) []*leatv1.Finding {
	v, ok := plugin.(ResumeValidator)
	if !ok || len(sinks) == 0 {
		return nil
	}
	r, err := resumeFromProto(sinks)
	if err != nil {
		return []*leatv1.Finding{findingToProto(Finding{
			Severity: Error, Check: checkpointCheck, Message: err.Error(),
			Cure: "remove the checkpoint of that sink, which then begins anew",
		})}
	}
	var out []*leatv1.Finding
	for _, f := range v.ValidateResume(ctx, r) {
		out = append(out, findingToProto(f))
	}
	return out
}
