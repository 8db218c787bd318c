package sdk

import (
	"time"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// Progress is how far a source has come, as far as it knows. Heartbeats count for
// nothing here. The host shows it with the status of the pipeline, and what every
// source has as metrics.
type Progress struct {
	// LastTransaction is when the newest transaction that was read was committed,
	// of any table, and LastRow when the newest row that was sent was changed; zero
	// if there is none yet.
	LastTransaction, LastRow time.Time
	// TransactionsBehind is how many the system has committed and the source has
	// not read; nil if that is not known.
	TransactionsBehind *uint64
	// Retention is how long until the system throws away what the slowest sink
	// still needs, 0 if it may happen any moment; nil if that is not known.
	Retention *time.Duration
	// RetentionReason says which sink needs what since when, or why it is not known.
	RetentionReason string
	// Tables that changed most recently, bounded in number.
	Tables []TableProgress
}

// TableProgress is what a source has sent of one table in its process.
type TableProgress struct {
	Database, Schema, Table string
	Rows                    uint64
	// LastChange is when the newest of the rows was changed.
	LastChange time.Time
}

// ProgressReporter is a source that knows how far it has come.
type ProgressReporter interface {
	// Progress returns that at once, also while the source waits for its sinks. It
	// is called from any goroutine, after Open.
	Progress() Progress
}

// SinkPosition is the position that a sink has made durable.
type SinkPosition struct {
	Name string
	// Position is nil as long as there is none.
	Position *Position
}

// DurableListener is a source that wants to know how far the sinks have come: what
// they have made durable, its system need not keep.
type DurableListener interface {
	// Durable is called every few seconds with all sinks in the order of Resume,
	// from any goroutine, after Open, and returns at once.
	Durable(sinks []SinkPosition)
}

// tellDurable passes on what the host knows of the sinks. A position that cannot be
// read is one of none.
func tellDurable(plugin any, sinks []*leatv1.Sink) {
	l, ok := plugin.(DurableListener)
	if !ok || len(sinks) == 0 {
		return
	}
	out := make([]SinkPosition, len(sinks))
	for i, s := range sinks {
		out[i].Name = s.GetName()
		if s.GetCheckpoint() == nil {
			continue
		}
		if p, err := ParsePosition(s.GetCheckpoint().GetPosition()); err == nil {
			out[i].Position = &p
		}
	}
	l.Durable(out)
}

func progressToProto(plugin any) *leatv1.SourceProgress {
	r, ok := plugin.(ProgressReporter)
	if !ok {
		return nil
	}
	p := r.Progress()
	out := &leatv1.SourceProgress{
		LastTransaction: microseconds(p.LastTransaction), LastRow: microseconds(p.LastRow),
		TransactionsBehind: p.TransactionsBehind, Retention: p.RetentionReason,
	}
	if p.Retention != nil {
		seconds := p.Retention.Seconds()
		out.RetentionSeconds = &seconds
	}
	for _, t := range p.Tables {
		out.Tables = append(out.Tables, &leatv1.TableProgress{
			Database: t.Database, Schema: t.Schema, Table: t.Table, Rows: t.Rows, LastChange: microseconds(t.LastChange),
		})
	}
	return out
}

// microseconds since 1970, 0 for the zero time.
func microseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
