package engine

import (
	"time"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/status"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// durable returns what a source is told of the sinks: how far each has come. Other
// plugins are told nothing.
func (k *keeper) durable() []*leatv1.Sink {
	if k.stage != flow.Source {
		return nil
	}
	var out []*leatv1.Sink
	for i, position := range k.runner.flow.Durable() {
		s := &leatv1.Sink{Name: k.runner.def.Sinks[i].Name}
		if position != nil {
			s.Checkpoint = &leatv1.Checkpoint{Position: position}
		}
		out = append(out, s)
	}
	return out
}

// progressNow is what the process that runs has told, nil if none does: what was
// known of the system before grows old. The lock is held.
func (k *keeper) progressNow() *status.Progress {
	if k.process == nil {
		return nil
	}
	return k.reported
}

// progressFromProto is nil for a plugin that says nothing of it.
func progressFromProto(p *leatv1.SourceProgress) *status.Progress {
	if p == nil {
		return nil
	}
	out := &status.Progress{
		LastTransaction: moment(p.GetLastTransaction()), LastRow: moment(p.GetLastRow()),
		TransactionsBehind: p.TransactionsBehind, RetentionSeconds: p.RetentionSeconds, Retention: p.GetRetention(),
	}
	for _, t := range p.GetTables() {
		out.Tables = append(out.Tables, status.Table{
			Database: t.GetDatabase(), Schema: t.GetSchema(), Table: t.GetTable(), Rows: t.GetRows(), LastChange: moment(t.GetLastChange()),
		})
	}
	return out
}

// moment of microseconds since 1970, zero for 0.
func moment(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at).UTC()
}
