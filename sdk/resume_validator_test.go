package sdk_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// judging is a source that tells where sinks resume.
type judging struct{ Counter }

func (*judging) ValidateResume(_ context.Context, r sdk.Resume) []sdk.Finding {
	var out []sdk.Finding
	for _, s := range r.Sinks {
		out = append(out, sdk.Finding{Severity: sdk.Warning, Check: s.Name, Message: string(s.Checkpoint.Position.Base) + string(s.Checkpoint.State["k"]), Cure: "wait"})
	}
	return out
}

func TestValidateResume(t *testing.T) {
	t.Parallel()
	position, err := sdk.Position{Base: []byte("7")}.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	here := &leatv1.Sink{Name: "kafka", Checkpoint: &leatv1.Checkpoint{Position: position, State: map[string][]byte{"k": []byte("v")}}}
	unread := &leatv1.Sink{Name: "kafka", Checkpoint: &leatv1.Checkpoint{}}
	judge := func(CounterConfig, sdk.Env) (sdk.Source, error) { return &judging{}, nil }
	tests := map[string]struct {
		make  func(CounterConfig, sdk.Env) (sdk.Source, error)
		live  bool
		sinks []*leatv1.Sink
		want  []*leatv1.Finding
	}{
		"the source judges": {judge, true, []*leatv1.Sink{here}, []*leatv1.Finding{
			{Severity: leatv1.Severity_SEVERITY_WARNING, Check: "kafka", Message: "7v", Cure: "wait"},
		}},
		"a position that is none": {judge, true, []*leatv1.Sink{unread}, []*leatv1.Finding{{
			Severity: leatv1.Severity_SEVERITY_ERROR, Check: "checkpoint", Message: "sink kafka: read checkpoint: position does not begin with a number",
			Cure: "remove the checkpoint of that sink, which then begins anew",
		}}},
		"no checkpoint":           {judge, true, nil, nil},
		"without connections":     {judge, false, []*leatv1.Sink{here}, nil},
		"a source that can't say": {NewCounter, true, []*leatv1.Sink{here}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sdk.NewSource(sdk.Info{Name: "counter", Version: "1", Summary: "Counts."}, func() CounterConfig { return CounterConfig{} }, tt.make)
			got, err := p.Server().Validate(t.Context(), &leatv1.ValidateRequest{Config: []byte(`{"until":1}`), Live: tt.live, Sinks: tt.sinks})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.GetFindings(), protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
