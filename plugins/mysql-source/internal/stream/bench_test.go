package stream

import (
	"log/slog"
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/sdk"
)

// sink takes everything and keeps nothing.
type sink struct{ recorder }

func (*sink) Change(*sdk.Change, sdk.Position) error { return nil }
func (*sink) Advance(sdk.Position, int64) error      { return nil }

// BenchmarkStream_singleRows reads transactions of one row each: five events.
func BenchmarkStream_singleRows(b *testing.B) {
	s, _ := newStream(b, func(x *Settings) {
		x.Logger = slog.New(slog.DiscardHandler)
		x.Meter, _ = meter.New(prometheus.NewRegistry())
	})
	s.w = &sink{}
	l := begin()
	if err := play(b, s, l); err != nil {
		b.Fatal(err)
	}
	const batch = 1000
	next := int64(2)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		l.Events = l.Events[:0]
		for range batch {
			l.GTID(id(next), 5_000_000).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).
				Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Xid()
			next++
		}
		b.StartTimer()
		if err := binlog.Walk(l.Events, s.handle); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batch), "ns/row")
}
