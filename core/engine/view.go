package engine

import (
	"context"
	"sync"
	"time"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/status"
)

// view adds how the plugins fare.
func (r *runner) view(v *status.View) {
	r.mu.Lock()
	v.FellBack = r.fellBack
	keepers, f := r.keepers, r.flow
	r.mu.Unlock()
	if f == nil {
		return
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
		if v.State != status.Failed && v.State != status.Stopped { // nobody is at it any more
			setOldest(&p, stats.Oldest[k.stage])
		}
		v.Plugins = append(v.Plugins, p)
	}
}

func setOldest(p *status.Plugin, b flow.OpenBatch) {
	if b.Sequence != 0 {
		p.OldestOpen = &status.OpenBatch{Sequence: b.Sequence, Since: time.UnixMicro(b.Since).UTC()}
	}
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
		Name: k.name, Plugin: k.def.Plugin, Up: k.process != nil, Restarts: k.restarts, Detail: k.waits.text(), Notices: k.notices,
		DroppedLines: k.droppedLines, Progress: k.progressNow(),
	}
	if v.Detail != "" {
		v.Since = k.waits.since.UTC()
	}
	if k.running != nil {
		v.DroppedLines += k.running.DroppedLines()
	}
	return v
}

// families asks all plugins for their metrics. A panic ends the pipeline alone.
func (r *runner) families(ctx context.Context) map[string][]byte {
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
		r.spawn(&wg, k.stage, func() error {
			if raw, ok := k.families(ctx); ok {
				mu.Lock()
				defer mu.Unlock()
				out[k.name] = raw
			}
			return nil
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
