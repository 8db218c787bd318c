package sdk_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
	"github.com/leat-io/leat/sdk/sdktest"
)

// idle is a source that has nothing to send.
type idle struct{}

func (idle) Open(context.Context, sdk.Resume) error        { return nil }
func (idle) Read(ctx context.Context, _ *sdk.Writer) error { <-ctx.Done(); return nil }
func (idle) Close(context.Context) error                   { return nil }

// telling is one that tells how far it has come, and keeps what it is told.
type telling struct {
	idle
	progress sdk.Progress
	sinks    []sdk.SinkPosition
}

func (s *telling) Progress() sdk.Progress           { return s.progress }
func (s *telling) Durable(sinks []sdk.SinkPosition) { s.sinks = sinks }

// health opens a source and asks it.
func health(t *testing.T, s sdk.Source, sinks ...*leatv1.Sink) *leatv1.HealthResponse {
	t.Helper()
	p := sdk.NewSource(info, func() choice { return choice{} }, func(choice, sdk.Env) (sdk.Source, error) { return s, nil })
	run, err := sdktest.RunSource(t, p, map[string]any{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer run.Kill()
	r, err := p.Server().Health(t.Context(), &leatv1.HealthRequest{Sinks: sinks})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestHealthBringsProgress(t *testing.T) {
	t.Parallel()
	behind, left, seconds := uint64(0), 90*time.Second, 90.0
	tests := map[string]struct {
		in   sdk.Progress
		want *leatv1.SourceProgress
	}{
		"OK nothing yet": {sdk.Progress{}, &leatv1.SourceProgress{}},
		"OK all": {
			sdk.Progress{
				LastTransaction: time.UnixMicro(3), LastRow: time.UnixMicro(2), TransactionsBehind: &behind, Retention: &left, RetentionReason: "why",
				Tables: []sdk.TableProgress{{Database: "d", Schema: "s", Table: "t", Rows: 5, LastChange: time.UnixMicro(2)}, {Rows: 1}},
			},
			&leatv1.SourceProgress{
				LastTransaction: 3, LastRow: 2, TransactionsBehind: &behind, RetentionSeconds: &seconds, Retention: "why",
				Tables: []*leatv1.TableProgress{{Database: "d", Schema: "s", Table: "t", Rows: 5, LastChange: 2}, {Rows: 1}},
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, health(t, &telling{progress: tt.in}).GetProgress(), protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("OK a source that does not tell", func(t *testing.T) {
		t.Parallel()
		if got := health(t, idle{}, &leatv1.Sink{Name: "a"}).Progress; got != nil {
			t.Errorf("got %v", got)
		}
	})
}

func TestHealthTellsWhatIsDurable(t *testing.T) {
	t.Parallel()
	at, _ := sdk.Position{Base: []byte("here"), Skip: 3}.AppendBinary(nil)
	s := &telling{}
	health(t, s, &leatv1.Sink{Name: "a", Checkpoint: &leatv1.Checkpoint{Position: at}}, &leatv1.Sink{Name: "b"},
		&leatv1.Sink{Name: "c", Checkpoint: &leatv1.Checkpoint{}})
	want := []sdk.SinkPosition{{Name: "a", Position: &sdk.Position{Base: []byte("here"), Skip: 3}}, {Name: "b"}, {Name: "c"}}
	if diff := cmp.Diff(want, s.sinks); diff != "" {
		t.Error(diff)
	}
	health(t, s) // by a host that does not say it
	if len(s.sinks) != 3 {
		t.Errorf("what is known is forgotten: %+v", s.sinks)
	}
}
