package binlog

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve sends packets as a server does, and closes the connection.
func serve(t *testing.T, packets ...[]byte) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	go func() {
		defer func() { _ = server.Close() }()
		sequence := byte(1)
		for _, p := range packets {
			for rest, last := p, false; !last; sequence++ {
				n := min(len(rest), maxPacket)
				last = n < maxPacket
				head := []byte{byte(n), byte(n >> 8), byte(n >> 16), sequence}
				if _, err := server.Write(append(head, rest[:n]...)); err != nil {
					return
				}
				rest = rest[n:]
			}
		}
	}()
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func okPackets(events ...[]byte) [][]byte {
	var out [][]byte
	for _, e := range events {
		out = append(out, append([]byte{0}, e...))
	}
	return out
}

func newReader(conn net.Conn) *Reader {
	return NewReader(conn, time.Minute, func() error { return nil })
}

func TestReader_Next(t *testing.T) {
	t.Parallel()
	for name, checksums := range map[string]bool{"OK plain": false, "OK with checksums": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log binlogtest.Log
			huge := make([]byte, maxPacket+100)
			huge[len(huge)-1] = 7
			log.Rotate("binlog.000001", 4).Format(checksums).Event(replication.XID_EVENT, []byte("12345678")).
				Event(replication.IGNORABLE_EVENT, huge).Event(replication.XID_EVENT, []byte("abcdefgh"))
			r := newReader(serve(t, okPackets(log.Events...)...))
			var types []replication.EventType
			for {
				e, err := r.Next()
				if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				types = append(types, e.Type)
				if e.Type == replication.XID_EVENT && len(e.Body) != 8 {
					t.Errorf("body is %q", e.Body)
				}
				if e.Type == replication.IGNORABLE_EVENT && (len(e.Body) != len(huge) || e.Body[len(huge)-1] != 7) {
					t.Errorf("large event has %d bytes", len(e.Body))
				}
			}
			want := []replication.EventType{replication.ROTATE_EVENT, replication.FORMAT_DESCRIPTION_EVENT, replication.XID_EVENT, replication.IGNORABLE_EVENT, replication.XID_EVENT}
			if diff := cmp.Diff(want, types); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReader_errors(t *testing.T) {
	t.Parallel()
	var log binlogtest.Log
	log.Format(true).Event(replication.XID_EVENT, make([]byte, 8))
	flipped := append([]byte(nil), log.Events[1]...)
	flipped[20] ^= 1
	tests := map[string]struct {
		packets [][]byte
		check   func(error) bool
	}{
		"ErrDamaged by a flipped bit":    {okPackets(log.Events[0], flipped), func(err error) bool { return errors.Is(err, ErrDamaged) }},
		"ErrDamaged by a length":         {okPackets(append(append([]byte(nil), log.Events[0]...), 0)), func(err error) bool { return errors.Is(err, ErrDamaged) }},
		"ErrDamaged by no event":         {okPackets([]byte{1, 2}), func(err error) bool { return errors.Is(err, ErrDamaged) }},
		"ErrDamaged by a kind of packet": {[][]byte{{0x55}}, func(err error) bool { return errors.Is(err, ErrDamaged) }},
		"the server's own": {[][]byte{append([]byte{0xff, 0xd4, 0x04, '#'}, "HY000gone"...)}, func(err error) bool {
			var my *mysql.MyError
			return errors.As(err, &my) && my.Code == 1236 && my.Message == "gone" && my.State == "HY000"
		}},
		"end of the log": {[][]byte{{0xfe, 0, 0, 0, 0}}, func(err error) bool { return errors.Is(err, io.EOF) }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReader(serve(t, tt.packets...))
			var err error
			for err == nil {
				_, err = r.Next()
			}
			if !tt.check(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestReader_callsIdleBeforeItWaits(t *testing.T) {
	t.Parallel()
	stop := errors.New("idle")
	var log binlogtest.Log
	log.Format(false)
	client, server := net.Pipe()
	t.Cleanup(func() { _, _ = client.Close(), server.Close() })
	go func() {
		p := append([]byte{0}, log.Events[0]...)
		_, _ = server.Write(append([]byte{byte(len(p)), 0, 0, 1}, p...)) // and then nothing
	}()
	r := NewReader(client, time.Minute, func() error { return stop })
	if e, err := r.Next(); err != nil || e.Type != replication.FORMAT_DESCRIPTION_EVENT {
		t.Fatalf("got %v, %v", e, err)
	}
	if _, err := r.Next(); !errors.Is(err, stop) {
		t.Errorf("got %v, want the error of idle", err)
	}
}

func TestReader_silence(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	t.Cleanup(func() { _, _ = client.Close(), server.Close() })
	_, err := NewReader(client, 10*time.Millisecond, func() error { return nil }).Next()
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("got %v, want a timeout", err)
	}
}

func TestExtend(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		base uint64
		low  uint32
		want uint64
	}{
		"within 4 GiB":       {100, 200, 200},
		"the same":           {100, 100, 100},
		"over the edge":      {1<<32 - 10, 5, 1<<32 + 5},
		"beyond it":          {1<<32 + 5, 50, 1<<32 + 50},
		"over the next edge": {2<<32 - 1, 0, 2 << 32},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Extend(tt.base, tt.low); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestPayload(t *testing.T) {
	t.Parallel()
	var log binlogtest.Log
	log.Query(1, "d", "BEGIN").Event(replication.IGNORABLE_EVENT, make([]byte, 3<<20)).Xid().Compress(0)
	var outer Event
	if err := outer.parse(log.Events[0]); err != nil {
		t.Fatal(err)
	}
	var p Payload
	defer p.Close()
	for range 2 { // it can be used again
		if err := p.Open(outer.Body); err != nil {
			t.Fatal(err)
		}
		var types []replication.EventType
		for {
			e, err := p.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			types = append(types, e.Type)
		}
		if diff := cmp.Diff([]replication.EventType{replication.QUERY_EVENT, replication.IGNORABLE_EVENT, replication.XID_EVENT}, types); diff != "" {
			t.Error(diff)
		}
	}
	if err := p.Open([]byte{2, 1, 9, 0}); !errors.Is(err, errCompression) {
		t.Errorf("got %v, want %v", err, errCompression)
	}
	if err := p.Open([]byte{2}); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want %v", err, ErrDamaged)
	}
}

// withoutStatus leaves out the bytes that the session is read from.
var withoutStatus = cmpopts.IgnoreUnexported(Query{})

func TestParseQuery(t *testing.T) {
	t.Parallel()
	status := []byte{0, 1, 2, 3, 4, 1, 4, 0, 16, 0, 0, 0, 0, 0, 6, 3, 's', 't', 'd', 3, 1, 0, 1, 0, 4, 8, 0, 8, 0, 255, 0, 5, 3, 'U', 'T', 'C', 12, 2, 'a', 0, 'b', 0, 11, 1, 'u', 1, 'h', 16, 0, 17, 1, 2, 3, 4, 5, 6, 7, 8, 18, 45, 0, 99, 1}
	q, err := ParseQuery(binlogtest.Query(7, "db", "ALTER TABLE \xe9", status))
	if err != nil {
		t.Fatal(err)
	}
	want := Query{Thread: 7, Database: []byte("db"), Text: []byte("ALTER TABLE \xe9"), Session: Session{
		Flags: 0x04030201, SQLMode: 0x100004, Client: 8, Connection: 8, Server: 255, TimeZone: []byte("UTC"), UTF8MB4: 45, ImplicitTimestamps: true, Unknown: 99,
	}}
	if diff := cmp.Diff(want, q, withoutStatus); diff != "" {
		t.Error(diff)
	}
	if got := q.UTF8MB4Collation(); got != "utf8mb4_general_ci" {
		t.Errorf("collation is %q", got)
	}
	if _, err := ParseQuery([]byte{1, 2, 3}); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want %v", err, ErrDamaged)
	}
}

func TestParseGTID(t *testing.T) {
	t.Parallel()
	id := gtid.GTID{Source: gtid.Source{UUID: gtid.UUID{1, 2, 15: 3}}, Number: 77}
	for _, at := range []uint64{0, 1_700_000_000_123_456} {
		var log binlogtest.Log
		log.GTID(id, at)
		got, err := ParseGTID(log.Events[0][headerSize:])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Identity{ID: id, Committed: int64(at)}, got); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := ParseGTID(nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want %v", err, ErrDamaged)
	}
	if _, err := ParseTaggedGTID([]byte{1, 2}); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want %v", err, ErrDamaged)
	}
}

func TestCursor_uint(t *testing.T) {
	t.Parallel()
	bytes := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9}
	for n := range 9 {
		var want uint64
		for i := range n {
			want |= uint64(i+1) << (8 * i)
		}
		for _, body := range [][]byte{bytes, bytes[:n]} { // with more behind it, and at the end
			c := cursor{rest: body}
			if got := c.uint(n); got != want || c.bad || len(c.rest) != len(body)-n {
				t.Errorf("%d of %d bytes: got %#x, want %#x; %d are left, bad is %v", n, len(body), got, want, len(c.rest), c.bad)
			}
		}
		c := cursor{rest: bytes[:max(n, 1)-1]}
		if got := c.uint(max(n, 1)); got != 0 || !c.bad {
			t.Errorf("%d of too few bytes: got %#x, bad is %v", n, got, c.bad)
		}
	}
}

func TestParseQuery_transactionsComeWithoutSession(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"BEGIN", "COMMIT"} {
		q, err := ParseQuery(binlogtest.Query(7, "db", text, []byte{statusSQLMode, 4, 0, 0, 0, 0, 0, 0, 0}))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Query{Thread: 7, Database: []byte("db"), Text: []byte(text)}, q, withoutStatus); diff != "" {
			t.Error(diff)
		}
		if err := q.ReadSession(); err != nil || q.SQLMode != 4 {
			t.Errorf("got %v and %+v", err, q.Session)
		}
		if q.IsBegin() != (text == "BEGIN") || q.IsCommit() != (text == "COMMIT") {
			t.Errorf("%s is begin %v, commit %v", text, q.IsBegin(), q.IsCommit())
		}
	}
}
