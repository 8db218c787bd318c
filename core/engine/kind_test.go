package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/leat-io/leat/core/flow"
)

func TestAPluginInTheWrongPlace(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		put  func(w *world, t *testing.T)
		want string
	}{
		"a sink as source": {
			func(w *world, t *testing.T) { w.def.Source = w.stage(t, "test-sink", w.with(conf{})) },
			"test-sink is a sink, not a source",
		},
		"a source as sink": {
			func(w *world, t *testing.T) { w.def.Sinks[0].Stage = w.stage(t, "test-source", w.with(conf{})) },
			"test-source is a source, not a sink",
		},
		"a sink as transform": {
			func(w *world, t *testing.T) { *w.def.Transform = w.stage(t, "test-sink", w.with(conf{})) },
			"test-sink is a sink, not a transform",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{"count": 10})
			tt.put(w, t)
			err := w.run(t)
			if f, ok := errors.AsType[*flow.Failure](err); !ok || !f.IsPermanent() || !strings.Contains(f.Message, tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
