package stream

import (
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
)

// BenchmarkStream goes from the bytes on the connection to those on the socket.
func BenchmarkStream(b *testing.B) {
	b.Run("transactions of one row", func(b *testing.B) { benchmarkStream(b, 1024, 1, 1) })
	b.Run("transactions of 2800 rows", func(b *testing.B) { benchmarkStream(b, 8, 28, 100) })
}

// benchmarkStream reads transactions of so many events of so many rows each, time
// and again: numbers of packets fit if 256 divides that of all events.
func benchmarkStream(b *testing.B, transactions, events, rows int) {
	w := newWire(b)
	images := make([][]byte, rows)
	for i := range images {
		images[i] = image(byte(i))
	}
	for n := range transactions {
		w.transaction(int64(n+2), events, images)
	}
	at, packets := w.stream.machine.Place(), w.packets()
	b.ReportAllocs()
	for b.Loop() {
		w.stream.machine = newMachine(at)
		w.read(b, packets)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*transactions*events*rows), "ns/row")
}

// status is what a server of version 8 says of the session of a BEGIN.
var status = []byte("\x00\x00\x00\x00\x00\x01\x20\x00\xa0\x45\x00\x00\x00\x00\x06\x03std\x04\xff\x00\xff\x00\xff\x00\x0c\x01d\x00\x12\xff\x00")

func (w *wire) transaction(n int64, events int, images [][]byte) {
	w.log.GTID(id(n), 5_000_000).Event(replication.QUERY_EVENT, binlogtest.Query(9, "d", "BEGIN", status)).
		TableMap(1, "d", "t", number)
	for range events {
		w.log.Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, images...)
	}
	w.log.Xid()
}
