package status_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/leat-io/leat/core/status"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a pipeline as a test has it.
type fake struct {
	view     status.View
	families map[string][]byte
}

func (f *fake) View() status.View                          { return f.view }
func (f *fake) Families(context.Context) map[string][]byte { return f.families }

// families are what a plugin's registry has with one counter in it.
func families(t *testing.T, name string, value float64) []byte {
	t.Helper()
	r := prometheus.NewRegistry()
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: "Of a plugin."}, []string{"table"})
	c.WithLabelValues("t").Add(value)
	r.MustRegister(c)
	all, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, f := range all {
		if _, err := protodelim.MarshalTo(&out, f); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func running() status.View {
	return status.View{
		Name: "orders", State: status.Running, InFlight: 42,
		Plugins: []status.Plugin{
			{
				Name: "source", Plugin: "mysql-source", Kind: "source", Up: true, Records: 7, Batches: 2, Bytes: 700,
				Progress: &status.Progress{TransactionsBehind: new(uint64(12)), RetentionSeconds: new(3600.5)},
			},
			{
				Name: "kafka", Plugin: "kafka-sink", Kind: "sink", Up: true, Restarts: 3, DroppedLines: 4, Records: 5, Batches: 1, Bytes: 500,
				LastRecord: time.UnixMicro(1_500_000).UTC(), OpenBatches: 1, Time: time.Now().Add(-time.Hour), Checkpoint: time.Now().Add(-time.Minute), Position: "gtid:1-5",
			},
		},
	}
}

func get(t *testing.T, path string, pipelines ...status.Pipeline) (int, string) {
	t.Helper()
	return getLogged(t, &logged{}, path, pipelines...)
}

func getLogged(t *testing.T, log *logged, path string, pipelines ...status.Pipeline) (int, string) {
	t.Helper()
	return serve(t, status.Handler(pipelines, slog.New(slog.NewTextHandler(log, nil))), path)
}

func serve(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
	return w.Code, w.Body.String()
}

// logged keeps what is logged.
type logged struct{ bytes.Buffer }

// lines returns the samples of leat and its plugins, digits of times replaced.
func lines(body string) []string {
	var out []string
	age := regexp.MustCompile(`(lag|age)(_seconds\{.*\}) .*`)
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "leat_") || strings.HasPrefix(line, "mysql_") {
			out = append(out, age.ReplaceAllString(strings.TrimSpace(line), "$1$2 …"))
		}
	}
	return out
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		code, body := get(t, "/metrics",
			&fake{view: running(), families: map[string][]byte{"source": families(t, "mysql_events_total", 9)}},
			&fake{
				view:     status.View{Name: "users", State: status.Starting, FellBack: "record 7 is damaged"},
				families: map[string][]byte{"source": families(t, "mysql_events_total", 1)},
			})
		want := []string{
			`leat_batches_total{pipeline="orders",plugin="kafka"} 1`,
			`leat_batches_total{pipeline="orders",plugin="source"} 2`,
			`leat_bytes_total{pipeline="orders",plugin="kafka"} 500`,
			`leat_bytes_total{pipeline="orders",plugin="source"} 700`,
			`leat_checkpoint_age_seconds{pipeline="orders",plugin="kafka"} …`,
			`leat_checkpoint_fell_back{pipeline="orders"} 0`,
			`leat_checkpoint_fell_back{pipeline="users"} 1`,
			`leat_in_flight_bytes{pipeline="orders"} 42`,
			`leat_in_flight_bytes{pipeline="users"} 0`,
			`leat_lag_seconds{pipeline="orders",plugin="kafka"} …`,
			`leat_last_record_timestamp_seconds{pipeline="orders",plugin="kafka"} 1.5`,
			`leat_open_batches{pipeline="orders",plugin="kafka"} 1`,
			`leat_pipeline_running{pipeline="orders"} 1`,
			`leat_pipeline_running{pipeline="users"} 0`,
			`leat_plugin_log_lines_dropped_total{pipeline="orders",plugin="kafka"} 4`,
			`leat_plugin_log_lines_dropped_total{pipeline="orders",plugin="source"} 0`,
			`leat_plugin_metrics_refused{pipeline="orders",plugin="source"} 0`,
			`leat_plugin_metrics_refused{pipeline="users",plugin="source"} 0`,
			`leat_plugin_up{pipeline="orders",plugin="kafka"} 1`,
			`leat_plugin_up{pipeline="orders",plugin="source"} 1`,
			`leat_records_total{pipeline="orders",plugin="kafka"} 5`,
			`leat_records_total{pipeline="orders",plugin="source"} 7`,
			`leat_restarts_total{pipeline="orders",plugin="kafka"} 3`,
			`leat_restarts_total{pipeline="orders",plugin="source"} 0`,
			`leat_source_retention_seconds{pipeline="orders",plugin="source"} 3600.5`,
			`leat_source_transactions_behind{pipeline="orders",plugin="source"} 12`,
			`mysql_events_total{pipeline="orders",plugin="source",table="t"} 9`,
			`mysql_events_total{pipeline="users",plugin="source",table="t"} 1`,
		}
		if diff := cmp.Diff(want, lines(body)); code != http.StatusOK || diff != "" {
			t.Errorf("code %d:\n%s", code, diff)
		}
		if got := strings.Count(body, "# TYPE mysql_events_total counter"); got != 1 {
			t.Errorf("the type of a family of two plugins stands there %d times", got)
		}
	})
	t.Run("what a plugin garbles hides nothing else", func(t *testing.T) {
		t.Parallel()
		code, body := get(t, "/metrics", &fake{view: running(), families: map[string][]byte{"source": {0x05, 0xff}}})
		if code != http.StatusOK || !strings.Contains(body, `leat_records_total{pipeline="orders",plugin="kafka"} 5`) {
			t.Errorf("code %d:\n%s", code, body)
		}
	})
}

func TestReadyz(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(v *status.View)
		code   int
		body   string
	}{
		"OK":                   {func(*status.View) {}, http.StatusOK, "orders: ok\n"},
		"the pipeline starts":  {func(v *status.View) { v.State = status.Starting }, http.StatusServiceUnavailable, "orders: starting\n"},
		"the pipeline failed":  {func(v *status.View) { v.State = status.Failed }, http.StatusServiceUnavailable, "orders: failed\n"},
		"a plugin is not up":   {func(v *status.View) { v.Plugins[1].Up = false }, http.StatusServiceUnavailable, "orders: kafka is not up\n"},
		"a plugin has to wait": {func(v *status.View) { v.Plugins[1].Detail = "no leader" }, http.StatusServiceUnavailable, "orders: kafka: no leader\n"},
		"notices are no matter": {func(v *status.View) {
			v.Plugins[0].Notices = []status.Notice{{Subject: "table shop.orders", Message: "not equal any more"}}
		}, http.StatusOK, "orders: ok\n"},
		"restarts are no matter": {func(v *status.View) { v.Plugins[0].Restarts = 9 }, http.StatusOK, "orders: ok\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := running()
			tt.change(&v)
			code, body := get(t, "/readyz", &fake{view: v})
			if code != tt.code || body != tt.body {
				t.Errorf("code %d: %s", code, body)
			}
		})
	}
	t.Run("one of two pipelines is not ready", func(t *testing.T) {
		t.Parallel()
		code, body := get(t, "/readyz", &fake{view: running()}, &fake{view: status.View{Name: "users", State: status.Stopped}})
		if code != http.StatusServiceUnavailable || body != "orders: ok\nusers: stopped\n" {
			t.Errorf("code %d: %s", code, body)
		}
	})
}

func TestHealthz(t *testing.T) {
	t.Parallel()
	code, body := get(t, "/healthz", &fake{view: status.View{State: status.Failed}})
	if code != http.StatusOK || body != "ok\n" {
		t.Errorf("code %d: %s", code, body)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	want := running()
	want.Plugins[0].Notices = []status.Notice{{Subject: "table shop.orders", Message: "not equal", Cure: "copy it", Since: time.UnixMicro(2).UTC(), Sinks: []string{"kafka"}}}
	want.Plugins[0].Progress.LastRow, want.Plugins[0].Progress.Tables = time.UnixMicro(3).UTC(), []status.Table{{Database: "d", Table: "t", Rows: 4, LastChange: time.UnixMicro(3).UTC()}}
	want.Plugins[1].Time, want.Plugins[1].Checkpoint = time.UnixMicro(1).UTC(), time.Time{}
	code, body := get(t, "/status", &fake{view: want})
	var got []status.View
	if err := json.Unmarshal([]byte(body), &got); err != nil || code != http.StatusOK {
		t.Fatalf("code %d, error %v: %s", code, err, body)
	}
	if diff := cmp.Diff([]status.View{want}, got); diff != "" {
		t.Error(diff)
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	t.Run("nothing without an address", func(t *testing.T) {
		t.Parallel()
		s, err := status.Listen("", nil, log)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
	})
	t.Run("an address in use", func(t *testing.T) {
		t.Parallel()
		var out bytes.Buffer
		s, err := status.Listen("127.0.0.1:0", nil, slog.New(slog.NewTextHandler(&out, nil)))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		addr := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(out.String())
		_, err = status.Listen(addr, nil, log)
		if err == nil || !strings.Contains(err.Error(), addr) || !strings.Contains(err.Error(), "--listen") {
			t.Errorf("got %v", err)
		}
	})
}
