package resume

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/stream"
	"github.com/leat-io/leat/sdk"
)

const server = "aaaaaaaa-0000-0000-0000-000000000000"

func checkpoint(base string, skip uint64, uuid string, epoch uint64) *sdk.Checkpoint {
	c := stream.ServerState(uuid, epoch)
	return &sdk.Checkpoint{Position: sdk.Position{Base: []byte(strings.ReplaceAll(base, "A", server)), Skip: skip}, State: map[string][]byte{c.Key: c.Value}}
}

func sinks(t *testing.T, checkpoints ...*sdk.Checkpoint) Sinks {
	t.Helper()
	var r sdk.Resume
	for i, c := range checkpoints {
		r.Sinks = append(r.Sinks, sdk.SinkState{Name: string(rune('a' + i)), Checkpoint: c})
	}
	s, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParse(t *testing.T) {
	t.Parallel()
	s := sinks(t, nil, checkpoint(`{"snapshot":true}`, 0, "", 0), checkpoint(`{"server":"A","gtid":"A:1-5","file":"b.000001","pos":4}`, 7, server, 2))
	if got := s.Fresh(); got != 0b011 {
		t.Errorf("fresh are %b", got)
	}
	if s[2].Skip != 7 || s[2].Epoch != 2 || s[2].Server != server {
		t.Errorf("got %+v", s[2])
	}
	_, err := Parse(sdk.Resume{Sinks: []sdk.SinkState{{Name: "k", Checkpoint: checkpoint(`nonsense`, 0, "", 0)}}})
	if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "sink k") {
		t.Errorf("got %v, want a permanent error that names the sink", err)
	}
	damaged := checkpoint(`{"file":"b.000001","pos":4}`, 0, "", 0)
	damaged.State["server"] = []byte("{")
	if _, err := Parse(sdk.Resume{Sinks: []sdk.SinkState{{Name: "k", Checkpoint: damaged}}}); err == nil {
		t.Error("damaged state was read")
	}
}

func TestSinks_Plan(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		checkpoints []*sdk.Checkpoint
		byGTID      bool
		want        string
		err         error
	}{
		"OK the earliest set": {[]*sdk.Checkpoint{
			checkpoint(`{"server":"A","gtid":"A:1-9","file":"b.000001","pos":900}`, 0, server, 1),
			checkpoint(`{"server":"A","gtid":"A:1-5","in":"A:6","file":"b.000001","pos":500}`, 3, server, 1),
		}, true, `{"server":"A","gtid":"A:1-5","file":"b.000001","pos":500}`, nil},
		"OK what both have": {[]*sdk.Checkpoint{
			checkpoint(`{"server":"A","gtid":"A:1-5:7","file":"b.000001","pos":900}`, 0, server, 1),
			checkpoint(`{"server":"A","gtid":"A:1-6","file":"b.000001","pos":800}`, 0, server, 1),
		}, true, `{"server":"A","gtid":"A:1-5","file":"b.000001","pos":900}`, nil},
		"OK the earliest place": {[]*sdk.Checkpoint{
			checkpoint(`{"server":"A","file":"b.000010","pos":4}`, 0, server, 1),
			checkpoint(`{"server":"A","file":"b.000009","pos":900}`, 0, server, 1),
		}, false, `{"server":"A","file":"b.000009","pos":900}`, nil},
		"OK one position without GTIDs": {[]*sdk.Checkpoint{
			checkpoint(`{"server":"A","gtid":"A:1-9","file":"b.000001","pos":900}`, 0, server, 1),
			checkpoint(`{"server":"A","file":"b.000001","pos":500}`, 0, server, 1),
		}, true, `{"server":"A","file":"b.000001","pos":500}`, nil},
		"errMixed": {[]*sdk.Checkpoint{
			checkpoint(`{"server":"A","file":"b.000001","pos":4}`, 0, server, 1),
			checkpoint(`{"server":"B","file":"b.000001","pos":9}`, 0, server, 1),
		}, false, "", errMixed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := sinks(t, tt.checkpoints...).Plan(tt.byGTID)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got %v, want %v", err, tt.err)
			}
			if err != nil {
				if !strings.Contains(err.Error(), cure.NewSnapshot) {
					t.Errorf("%v does not name all of the cure", err)
				}
				return
			}
			if diff := cmp.Diff(strings.ReplaceAll(tt.want, "A", server), string(p.From.Base())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSinks_Epoch(t *testing.T) {
	t.Parallel()
	at := `{"server":"A","file":"b.000001","pos":4}`
	tests := map[string]struct {
		checkpoints []*sdk.Checkpoint
		want        uint64
	}{
		"OK the first is of the clock":       {[]*sdk.Checkpoint{nil}, 1000},
		"OK the same server":                 {[]*sdk.Checkpoint{checkpoint(at, 0, server, 4)}, 4},
		"OK another":                         {[]*sdk.Checkpoint{checkpoint(at, 0, "other", 4)}, 1000},
		"OK one sink was behind":             {[]*sdk.Checkpoint{checkpoint(at, 0, "other", 4), checkpoint(at, 0, server, 5)}, 5},
		"OK both at the same, one elsewhere": {[]*sdk.Checkpoint{checkpoint(at, 0, "other", 4), checkpoint(at, 0, server, 4)}, 1000},
		"OK one begins anew":                 {[]*sdk.Checkpoint{checkpoint(at, 0, server, 4), nil}, 1000},
		"OK a snapshot is begun again":       {[]*sdk.Checkpoint{checkpoint(`{"snapshot":true}`, 0, server, 4)}, 1000},
		"OK the clock goes backwards":        {[]*sdk.Checkpoint{checkpoint(at, 0, "other", 2000)}, 2001},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := sinks(t, tt.checkpoints...).Epoch(server, time.UnixMilli(1000)); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestSinks_Finish(t *testing.T) {
	t.Parallel()
	s := sinks(t, checkpoint(`{"snapshot":true}`, 0, "", 0), checkpoint(`{"server":"A","file":"b.000001","pos":4}`, 1, server, 1))
	s[0].State["table/x"] = nil
	if diff := cmp.Diff([]string{"server", "table/x"}, s.StateKeys(s.Fresh())); diff != "" {
		t.Error(diff)
	}
	s.Finish(position.Position{Server: server, Place: position.Place{File: "b.000002", Pos: 8}}, map[string][]byte{"k": nil}, 3)
	if s.Fresh() != 0 || s[0].Done.Pos != 8 || s[0].Epoch != 3 || s[1].Done.Pos != 4 {
		t.Errorf("got %+v", s)
	}
	if got := s.Progress(); got[1].Skip != 1 || s.All() != 0b11 {
		t.Errorf("got %+v, %b", got, s.All())
	}
}
