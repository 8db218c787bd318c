package lane

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/metric"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/sdk"
)

// TestKeysOfRefusedRowsAreLoggedAtDebugAlone is about keys that are somebody's data.
func TestKeysOfRefusedRowsAreLoggedAtDebugAlone(t *testing.T) {
	t.Parallel()
	const key = "email=jane@example.org"
	for level, want := range map[slog.Level]bool{slog.LevelInfo: false, slog.LevelDebug: true} {
		for _, skip := range []bool{true, false} {
			m, err := metric.New(prometheus.NewRegistry())
			if err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			l := &Lane{name: "shop.people", settings: &Settings{
				SkipRows: skip, Metrics: m, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level})),
			}}
			err = l.refuse(&row.Fault{Key: key, Column: "born", Type: "date", Reason: "is no date"})
			if skip != (err == nil) || err != nil && (sdk.IsTransient(err) || strings.Contains(err.Error(), key)) {
				t.Errorf("skip %v: got %v", skip, err)
			}
			if got := strings.Contains(log.String(), key); got != want {
				t.Errorf("%v, skip %v: the key is logged: %v, want %v\n%s", level, skip, got, want, &log)
			}
			if skip && (!strings.Contains(log.String(), "shop.people") || !strings.Contains(log.String(), "is no date")) {
				t.Errorf("table and reason are not in the log: %s", &log)
			}
		}
	}
}
