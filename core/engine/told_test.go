package engine_test

import (
	"encoding/json"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/status"
	"github.com/leat-io/leat/sdk"
)

// told is what the host has told the source of this process of its sinks.
var told struct {
	mu    sync.Mutex
	sinks []sdk.SinkPosition
}

func (s *source) Durable(sinks []sdk.SinkPosition) {
	told.mu.Lock()
	defer told.mu.Unlock()
	told.sinks = sinks
}

// Progress tells back what the host has told: a table for each sink, with how many
// numbers it has made durable.
func (s *source) Progress() sdk.Progress {
	told.mu.Lock()
	defer told.mu.Unlock()
	behind, left := uint64(7), 90*time.Minute
	p := sdk.Progress{LastTransaction: time.UnixMicro(2), TransactionsBehind: &behind, Retention: &left, RetentionReason: "as long as the test"}
	for _, x := range told.sinks {
		t := sdk.TableProgress{Database: "sinks", Table: x.Name}
		if x.Position != nil {
			base, _ := strconv.Atoi(string(x.Position.Base))
			t.Rows = uint64(base) + x.Position.Skip
		}
		p.Tables = append(p.Tables, t)
	}
	return p
}

// A source is told what each sink has made durable, one that stores its own
// checkpoints as well, and what it tells of itself is shown.
func TestSourceIsToldOfItsSinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	w.def.Restart.InitialBackoff, w.def.Restart.MaxBackoff = time.Second, time.Second // long enough to be seen
	w.def.Sinks = append(w.def.Sinks, pipeline.NamedStage{Name: "b", Stage: w.stage(t, "test-ledger", w.with(conf{"exactly": true}))})
	log := &logged{}
	settings := engine.Settings{PluginDirs: []string{w.dir}, Logger: slog.New(slog.NewTextHandler(log, nil)), Listen: "127.0.0.1:0"}
	stop, ended := w.start(t, settings.WithHealth(5*time.Millisecond, patience))
	w.await(t, 1)
	base := strings.TrimSuffix(log.find(regexp.MustCompile(`http://\S+/metrics`)), "metrics")
	shown := func() *status.Progress {
		var views []status.View
		if err := json.Unmarshal([]byte(fetch(t, base+"status")), &views); err != nil {
			t.Fatal(err)
		}
		return views[0].Plugins[0].Progress
	}
	eventually(t, "the source knows what both sinks have", func() bool {
		p := shown()
		return p != nil && len(p.Tables) == 2 && p.Tables[0].Rows > 20 && p.Tables[1].Rows > 20
	})
	p := shown()
	if !p.LastTransaction.Equal(time.UnixMicro(2)) || !p.LastRow.IsZero() || *p.TransactionsBehind != 7 || *p.RetentionSeconds != 5400 || p.Retention != "as long as the test" {
		t.Errorf("got %+v", p)
	}
	if have := len(w.written("a")); p.Tables[0].Table != "a" || p.Tables[1].Table != "b" || p.Tables[0].Rows > uint64(have) {
		t.Errorf("the source is told %+v, and sink a has %d", p.Tables, have)
	}
	metrics := fetch(t, base+"metrics")
	for _, line := range []string{
		`leat_source_transactions_behind{pipeline="test",plugin="source"} 7`,
		`leat_source_retention_seconds{pipeline="test",plugin="source"} 5400`,
		`leat_last_record_timestamp_seconds{pipeline="test",plugin="a"} `,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("metrics lack %s", line)
		}
	}
	w.signal(t, "source", syscall.SIGKILL)
	eventually(t, "what a process told that has ended is not shown", func() bool { return shown() == nil })
	eventually(t, "the next one tells", func() bool { return shown() != nil })
	stop()
	endsSoon(t, ended, 20*time.Second)
}
