package binlog

import (
	"errors"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

func TestLook(t *testing.T) {
	t.Parallel()
	id := gtid.GTID{Number: 7}
	begin := func() *binlogtest.Log { return (&binlogtest.Log{Pos: 4, Seconds: 9}).Format(false) }
	empty := begin()
	empty.Seconds = 99
	tests := map[string]struct {
		log  *binlogtest.Log
		want *position.Anchor
	}{
		"OK nothing before the next": {empty.Format(false).GTID(id, 5_000_001).Query(1, "d", "BEGIN"), nil},
		"OK a transaction":           {begin().GTID(id, 5_000_001).Query(1, "d", "BEGIN"), &position.Anchor{ID: &id, Time: 5_000_001}},
		"OK what stands before it":   {begin().Event(replication.PREVIOUS_GTIDS_EVENT, nil).GTID(id, 5_000_001), &position.Anchor{ID: &id, Time: 5_000_001}},
		"OK one without identifiers": {begin().Query(1, "d", "BEGIN"), &position.Anchor{}},
		"OK nothing":                 {begin(), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var packets [][]byte
			for _, e := range tt.log.Events {
				packets = append(packets, append([]byte{0}, e...))
			}
			conn := serve(t, append(packets, []byte{0xfe})...)
			defer func() { _ = conn.Close() }()
			got, err := look(conn, true, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if got.First != nil && tt.want != nil {
				if got.First.Pos == 0 {
					t.Error("it is not known where the transaction stands")
				}
				got.First.Pos = 0
				if tt.want.Time == 0 {
					tt.want.Time = got.Created * 1e6
				}
			}
			if diff := cmp.Diff(tt.want, got.First); diff != "" || got.Created != 9 {
				t.Errorf("created %d, first %s", got.Created, diff)
			}
		})
	}
}

func TestLook_withheld(t *testing.T) {
	t.Parallel()
	refusal := append([]byte{0xff, 0xd4, 0x04}, "#HY000Cannot replicate anonymous transaction when @@GLOBAL.GTID_MODE = ON, at file ./binlog.000003, position 197."...)
	other := append([]byte{0xff, 0xd4, 0x04}, "#HY000Client requested source to start replication from position > file size"...)
	for name, tt := range map[string]struct {
		packet []byte
		want   error
	}{"ErrWithheld": {refusal, ErrWithheld}, "OK another reason shows nothing": {other, nil}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			format := (&binlogtest.Log{Pos: 4, Seconds: 9}).Format(false)
			conn := serve(t, append([]byte{0}, format.Events[0]...), tt.packet)
			defer func() { _ = conn.Close() }()
			got, err := look(conn, true, time.Minute)
			if !errors.Is(err, tt.want) || got.Created == 0 || got.First != nil {
				t.Errorf("got %+v, %v; want what stands before it, and %v", got, err, tt.want)
			}
		})
	}
}

// The server names the file at the start, and each next one where it rotates.
func TestLook_file(t *testing.T) {
	t.Parallel()
	id := gtid.GTID{Number: 7}
	tests := map[string]struct {
		log  *binlogtest.Log
		want string
		err  error
	}{
		"OK the first": {(&binlogtest.Log{Pos: 4}).Rotate("binlog.000007", 4).Format(false).GTID(id, 1), "binlog.000007", nil},
		"OK a later":   {(&binlogtest.Log{Pos: 4}).Rotate("binlog.000007", 4).Format(false).Rotate("binlog.000008", 4).Format(false).GTID(id, 1), "binlog.000008", nil},
		"ErrDamaged":   {(&binlogtest.Log{Pos: 4}).Event(replication.ROTATE_EVENT, []byte{1}), "", ErrDamaged},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var packets [][]byte
			for _, e := range tt.log.Events {
				packets = append(packets, append([]byte{0}, e...))
			}
			conn := serve(t, append(packets, []byte{0xfe})...)
			defer func() { _ = conn.Close() }()
			got, err := look(conn, false, time.Minute)
			if got.File != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %q, %v; want %q, %v", got.File, err, tt.want, tt.err)
			}
		})
	}
}
