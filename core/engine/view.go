package engine

import (
	"context"
	"sync"
	"time"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/status"
)

// View returns how the pipeline fares.
func (r *runner) View() status.View {
	r.mu.Lock()
	v := status.View{Name: r.def.Name, State: r.state, FellBack: r.fellBack}
	keepers, f := r.keepers, r.flow
	r.mu.Unlock()
	if f == nil {
		return v
	}
	stats := f.Stats()
	v.InFlight = stats.InFlight
	for _, k := range keepers {
		if k == nil {
			continue
		}
		p := k.view()
		switch k.stage {
		case flow.Source:
			p.Kind = "source"
			setCounts(&p, stats.Source)
		case flow.Transform:
			p.Kind = "transform"
			setCounts(&p, stats.Transform)
		default:
			p.Kind = "sink"
			setSink(&p, stats.Sinks[k.stage-flow.FirstSink])
			p.Checkpoint = r.saver.lastSaved(k.name)
		}
		v.Plugins = append(v.Plugins, p)
	}
	return v
}

func setCounts(p *status.Plugin, c flow.Counts) {
	p.Records, p.Batches, p.Bytes = c.Records, c.Batches, c.Bytes
}

func setSink(p *status.Plugin, s flow.SinkStats) {
	p.Records, p.Batches, p.Bytes, p.OpenBatches = s.Records, s.Batches, s.Bytes, s.Open
	if s.Time != 0 {
		p.Time = time.UnixMicro(s.Time).UTC()
	}
	p.LastRecord, p.Position = moment(s.LastRecord), status.Position(s.Position)
}

func (k *keeper) view() status.Plugin {
	k.mu.Lock()
	defer k.mu.Unlock()
	v := status.Plugin{
		Name: k.name, Plugin: k.def.Plugin, Up: k.process != nil, Restarts: k.restarts, Detail: k.detail, Notices: k.notices,
		DroppedLines: k.droppedLines,
		Progress:     k.progress,
	}
	if k.running != nil {
		v.DroppedLines += k.running.DroppedLines()
	}
	return v
}

// Families asks all plugins for their metrics.
func (r *runner) Families(ctx context.Context) map[string][]byte {
	r.mu.Lock()
	keepers := r.keepers
	r.mu.Unlock()
	out := map[string][]byte{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, k := range keepers {
		if k == nil {
			continue
		}
		wg.Go(func() {
			if raw, ok := k.families(ctx); ok {
				mu.Lock()
				defer mu.Unlock()
				out[k.name] = raw
			}
		})
	}
	wg.Wait()
	return out
}

func (k *keeper) families(ctx context.Context) ([]byte, bool) {
	k.mu.Lock()
	p := k.process
	k.mu.Unlock()
	if p == nil {
		return nil, false
	}
	raw, err := p.Metrics(ctx)
	if err != nil && !k.ended() { // one that ends just now has none
		k.log.Warn("metrics of the plugin are left out", "error", err)
	}
	return raw, err == nil
}
