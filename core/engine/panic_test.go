package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/core/status"
	"github.com/leat-io/leat/core/supervisor"
)

// A scrape of metrics runs in goroutines of its own, which would end the host.
func TestAPanicInAViewEndsThePipelineAlone(t *testing.T) {
	t.Parallel()
	a := &attempts{def: &pipeline.Definition{Name: "sick"}, state: status.Running}
	a.current = &runner{
		def: a.def, failures: make(chan failure, 2),
		flow:    flow.New(flow.NewMachine(false, []*ledger.Checkpoint{{}}), 1),
		keepers: []*keeper{{stage: 50}}, // there is no such sink
	}
	v := a.View()
	if v.Name != "sick" || !strings.Contains(v.Error, "index out of range") {
		t.Errorf("shown is %+v", v)
	}
	if f := <-a.current.failures; f.stage != host || !contain.Is(f.err) {
		t.Errorf("the pipeline is told %+v", f)
	}
	a.current.keepers[0].mu.Lock()
	a.current.keepers = []*keeper{nil, {process: new(plugin.Process)}} // it has no connection
	a.Families(t.Context())
	if f := <-a.current.failures; !contain.Is(f.err) {
		t.Errorf("the pipeline is told %+v", f)
	}
}

func TestKindOfAnEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want supervisor.Kind
	}{
		"a transient failure": {&flow.Failure{Kind: 1}, supervisor.Outage},
		"a permanent failure": {flow.Permanent("no grant"), supervisor.Mend},
		"an unmarked failure": {&flow.Failure{Message: "boom"}, supervisor.Crash},
		"a dead process":      {flow.ErrGone, supervisor.Crash},
		"a hung process":      {errUnhealthy, supervisor.Crash},
		"no plugin":           {plugin.ErrNotFound, supervisor.Mend},
		"another binary":      {plugin.ErrChecksum, supervisor.Mend},
		"a panic of the host": {contain.Call(func() error { panic("boom") }), supervisor.Mend},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := kindOf(fmt.Errorf("session: %w", tt.err)); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	pipelines := []*attempts{{def: &pipeline.Definition{Name: "a"}}, {def: &pipeline.Definition{Name: "b"}}}
	boom := errors.New("boom")
	if err := join(pipelines, []error{ErrCutShort, boom}); !errors.Is(err, boom) || errors.Is(err, ErrCutShort) {
		t.Errorf("got %v", err)
	}
	if err := join(pipelines, []error{ErrCutShort, nil}); !errors.Is(err, ErrCutShort) || !strings.Contains(err.Error(), "pipeline a ") {
		t.Errorf("got %v", err)
	}
	if err := join(pipelines, []error{nil, nil}); err != nil {
		t.Errorf("got %v", err)
	}
	if err := join(pipelines, []error{nil, context.Canceled}); err.Error() != "pipeline b has failed" {
		t.Errorf("got %v", err)
	}
}
