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
	oldest := regexp.MustCompile(`(batch_seconds\{.*\} \d+)\..*`)
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "leat_") || strings.HasPrefix(line, "mysql_") {
			out = append(out, oldest.ReplaceAllString(age.ReplaceAllString(strings.TrimSpace(line), "$1$2 …"), "$1…"))
		}
	}
	return out
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		stalls := running()
		stalls.Plugins[1].OldestOpen = &status.OpenBatch{Sequence: 7, Since: ago(15 * time.Second)}
		code, body := get(t, "/metrics",
			&fake{view: status.View{Name: "stuck", State: status.Failed, Error: "no grant"}},
			&fake{view: stalls, families: map[string][]byte{"source": families(t, "mysql_events_total", 9)}},
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
			`leat_checkpoint_fell_back{pipeline="stuck"} 0`,
			`leat_checkpoint_fell_back{pipeline="users"} 1`,
			`leat_in_flight_bytes{pipeline="orders"} 42`,
			`leat_in_flight_bytes{pipeline="stuck"} 0`,
			`leat_in_flight_bytes{pipeline="users"} 0`,
			`leat_lag_seconds{pipeline="orders",plugin="kafka"} …`,
			`leat_last_record_timestamp_seconds{pipeline="orders",plugin="kafka"} 1.5`,
			`leat_oldest_open_batch_seconds{pipeline="orders",plugin="kafka"} 15…`,
			`leat_open_batches{pipeline="orders",plugin="kafka"} 1`,
			`leat_pipeline_failed{pipeline="orders"} 0`,
			`leat_pipeline_failed{pipeline="stuck"} 1`,
			`leat_pipeline_failed{pipeline="users"} 0`,
			`leat_pipeline_ready{pipeline="orders"} 1`,
			`leat_pipeline_ready{pipeline="stuck"} 0`,
			`leat_pipeline_ready{pipeline="users"} 0`,
			`leat_pipeline_running{pipeline="orders"} 1`,
			`leat_pipeline_running{pipeline="stuck"} 0`,
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
		"OK":                  {func(*status.View) {}, http.StatusOK, "orders: ok\n"},
		"the pipeline starts": {func(v *status.View) { v.State = status.Starting }, http.StatusServiceUnavailable, "orders: starting\n"},
		"the pipeline stops": {func(v *status.View) {
			v.State, v.Since = status.Stopping, ago(3*time.Second)
		}, http.StatusServiceUnavailable, "orders: stopping, 3 s\n"},
		"the pipeline failed and is run anew": {func(v *status.View) {
			v.State, v.Since, v.Error, v.RetryAt = status.Failed, ago(10*time.Minute), "no grant; give it", ago(-100500*time.Millisecond)
		}, http.StatusServiceUnavailable, "orders: failed, 10m0s: no grant; give it (run anew in 100 s)\n"},
		"the pipeline failed for good": {func(v *status.View) {
			v.State, v.Since, v.Error = status.Failed, ago(119*time.Second), "no grant"
		}, http.StatusServiceUnavailable, "orders: failed, 119 s: no grant\n"},
		"a plugin is not up":   {func(v *status.View) { v.Plugins[1].Up = false }, http.StatusServiceUnavailable, "orders: sink kafka is not up\n"},
		"a plugin has to wait": {func(v *status.View) { v.Plugins[1].Detail = "no leader" }, http.StatusServiceUnavailable, "orders: sink kafka: no leader\n"},
		"a plugin says several lines": {func(v *status.View) {
			v.Plugins[1].Detail = "refused:\r\n\t\x1b[31mtoo large\nusers: ok\n"
		}, http.StatusServiceUnavailable, "orders: sink kafka: refused: [31mtoo large users: ok\n"},
		"a source waits": {func(v *status.View) {
			v.Plugins[0].Detail, v.Plugins[0].Since = "waits for sink kafka to open", ago(12*time.Second)
		}, http.StatusServiceUnavailable, "orders: source: waits for sink kafka to open, 12 s\n"},
		"all that waits is told": {func(v *status.View) {
			v.Plugins[0].Detail, v.Plugins[1].Up = "waits", false
		}, http.StatusServiceUnavailable, "orders: source: waits; sink kafka is not up\n"},
		"a sink stalls": {func(v *status.View) {
			v.Plugins[1].OldestOpen = &status.OpenBatch{Sequence: 7, Since: ago(20 * time.Second)}
		}, http.StatusServiceUnavailable, "orders: sink kafka has not acknowledged batch 7 for 20 s\n"},
		"a transform stalls": {func(v *status.View) {
			v.Plugins[0].Name, v.Plugins[0].Kind = "transform", "transform"
			v.Plugins[0].OldestOpen = &status.OpenBatch{Sequence: 8, Since: ago(21 * time.Second)}
		}, http.StatusServiceUnavailable, "orders: transform has not answered batch 8 for 21 s\n"},
		"a batch takes a while": {func(v *status.View) {
			v.Plugins[1].OldestOpen = &status.OpenBatch{Sequence: 7, Since: ago(19 * time.Second)}
		}, http.StatusOK, "orders: ok\n"},
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

// ago is a bit more than d before now, so that a test that is slow sees d.
func ago(d time.Duration) time.Time { return time.Now().Add(-d - 10*time.Millisecond) }

func TestHealthz(t *testing.T) {
	t.Parallel()
	lost := status.View{Name: "users", State: status.Failed, Error: "no grant; give it", Since: ago(5 * time.Second)}
	retried := lost
	retried.RetryAt = time.Now().Add(time.Minute)
	elsewhere := lost
	elsewhere.Superseded = true
	tests := map[string]struct {
		view status.View
		code int
		body string
	}{
		"another process runs it":            {elsewhere, http.StatusOK, "ok\n"},
		"OK":                                 {running(), http.StatusOK, "ok\n"},
		"a pipeline that starts":             {status.View{State: status.Starting}, http.StatusOK, "ok\n"},
		"a pipeline that failed is run anew": {retried, http.StatusOK, "ok\n"},
		"a failure of several lines": {
			status.View{Name: "users", State: status.Failed, Error: "no grant\nno table", Since: ago(5 * time.Second)},
			http.StatusServiceUnavailable, "users: failed, 5 s: no grant no table\n",
		},
		"a pipeline has failed for good": {lost, http.StatusServiceUnavailable, "users: failed, 5 s: no grant; give it\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, body := get(t, "/healthz", &fake{view: running()}, &fake{view: tt.view})
			if code != tt.code || body != tt.body {
				t.Errorf("code %d: %s", code, body)
			}
		})
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
