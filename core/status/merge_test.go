package status_test

import (
	"bytes"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/status"
)

// encode makes the answer of a plugin, right or wrong.
func encode(t *testing.T, families ...*dto.MetricFamily) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, f := range families {
		if _, err := protodelim.MarshalTo(&out, f); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func pair(name, value string) *dto.LabelPair {
	return &dto.LabelPair{Name: proto.String(name), Value: proto.String(value)}
}

func counter(name string, series ...[]*dto.LabelPair) *dto.MetricFamily {
	f := &dto.MetricFamily{Name: proto.String(name), Help: proto.String("Of a plugin."), Type: dto.MetricType_COUNTER.Enum()}
	for _, labels := range series {
		f.Metric = append(f.Metric, &dto.Metric{Label: labels, Counter: &dto.Counter{Value: proto.Float64(1)}})
	}
	return f
}

func histogram(name string, count uint64, bounds []float64, counts ...uint64) *dto.MetricFamily {
	h := &dto.Histogram{SampleCount: proto.Uint64(count), SampleSum: proto.Float64(1)}
	for i, b := range bounds {
		h.Bucket = append(h.Bucket, &dto.Bucket{UpperBound: proto.Float64(b), CumulativeCount: proto.Uint64(counts[i])})
	}
	return &dto.MetricFamily{Name: proto.String(name), Type: dto.MetricType_HISTOGRAM.Enum(), Metric: []*dto.Metric{{Histogram: h}}}
}

func summary(name string, quantiles ...float64) *dto.MetricFamily {
	s := &dto.Summary{SampleCount: proto.Uint64(1)}
	for _, q := range quantiles {
		s.Quantile = append(s.Quantile, &dto.Quantile{Quantile: proto.Float64(q), Value: proto.Float64(math.NaN())})
	}
	return &dto.MetricFamily{Name: proto.String(name), Type: dto.MetricType_SUMMARY.Enum(), Metric: []*dto.Metric{{Summary: s}}}
}

func typed(f *dto.MetricFamily, of dto.MetricType) *dto.MetricFamily {
	f.Type = of.Enum()
	return f
}

// scrape parses the page as Prometheus does, and refuses what it would: a sample
// that is there twice, too.
func scrape(t *testing.T, log *logged, pipelines ...status.Pipeline) map[string]*dto.MetricFamily {
	t.Helper()
	code, body := getLogged(t, log, "/metrics", pipelines...)
	if code != http.StatusOK {
		t.Fatalf("code %d:\n%s", code, body)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatalf("the page cannot be parsed: %v\n%s", err, body)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(body) {
		if series := line[:max(0, strings.LastIndex(line, " "))]; !strings.HasPrefix(line, "#") {
			if seen[series] {
				t.Fatalf("the page has %s twice", series)
			}
			seen[series] = true
		}
	}
	return families
}

func refusedOf(families map[string]*dto.MetricFamily, plugin string) float64 {
	for _, m := range families["leat_plugin_metrics_refused"].GetMetric() {
		for _, l := range m.GetLabel() {
			if l.GetName() == "plugin" && l.GetValue() == plugin {
				return m.GetGauge().GetValue()
			}
		}
	}
	return -1
}

func TestMetricsThatDoNotFitAreLeftOut(t *testing.T) {
	t.Parallel()
	none := []*dto.LabelPair{}
	tests := map[string]struct {
		families []*dto.MetricFamily
		refused  float64
		told     string
	}{
		"OK": {[]*dto.MetricFamily{
			histogram("h", 3, []float64{1, 2, math.Inf(1)}, 1, 1, 3), histogram("native", 3, nil), summary("s", 0.5, 1),
			counter("c", []*dto.LabelPair{pair("a", "quote\" and\nline")}, none), counter("nan", none),
		}, 0, ""},
		"a label of the host":            {[]*dto.MetricFamily{counter("c", []*dto.LabelPair{pair("pipeline", "x")})}, 1, "label pipeline"},
		"the other one":                  {[]*dto.MetricFamily{counter("c", []*dto.LabelPair{pair("plugin", "x")})}, 1, "label plugin"},
		"a metric of the host":           {[]*dto.MetricFamily{counter("leat_records_total", none)}, 1, "the host's"},
		"the metric of what is left out": {[]*dto.MetricFamily{counter("leat_plugin_metrics_refused", none)}, 1, "the host's"},
		"of the runtime":                 {[]*dto.MetricFamily{counter("go_mine", none), counter("process_mine", none)}, 2, "the host's"},
		"another type":                   {[]*dto.MetricFamily{{Name: proto.String("good_total"), Type: dto.MetricType_GAUGE.Enum(), Metric: []*dto.Metric{{Gauge: &dto.Gauge{}}}}}, 1, "another plugin"},
		"samples of another metric":      {[]*dto.MetricFamily{histogram("x", 0, nil), counter("x_count", none)}, 1, "its sample x_count"},
		"a name that is none":            {[]*dto.MetricFamily{counter("a b\n1", none), counter("", none), counter("é", none)}, 3, "the name has other"},
		"a label that is none":           {[]*dto.MetricFamily{counter("c", []*dto.LabelPair{pair("a-b", "")}), counter("d", []*dto.LabelPair{pair("__name__", "")})}, 2, "the label"},
		"a label twice":                  {[]*dto.MetricFamily{counter("c", []*dto.LabelPair{pair("a", "1"), pair("a", "2")})}, 1, "label a"},
		"a label of the type":            {[]*dto.MetricFamily{{Name: proto.String("h"), Type: dto.MetricType_HISTOGRAM.Enum(), Metric: []*dto.Metric{{Label: []*dto.LabelPair{pair("le", "1")}, Histogram: &dto.Histogram{}}}}}, 1, "label le"},
		"a sample twice":                 {[]*dto.MetricFamily{counter("c", []*dto.LabelPair{pair("a", "1"), pair("b", "2")}, []*dto.LabelPair{pair("b", "2"), pair("a", "1")})}, 1, "twice"},
		"a family twice":                 {[]*dto.MetricFamily{counter("c", none), counter("c", none)}, 1, "twice"},
		"bytes that are no text":         {[]*dto.MetricFamily{counter("c", []*dto.LabelPair{pair("a", "\xff")})}, 1, "UTF-8"},
		"help that is no text":           {[]*dto.MetricFamily{{Name: proto.String("c"), Help: proto.String("\xff"), Type: dto.MetricType_COUNTER.Enum()}}, 1, "UTF-8"},
		"a value of another type":        {[]*dto.MetricFamily{typed(counter("c", none), dto.MetricType_GAUGE), typed(counter("d", none), dto.MetricType_SUMMARY)}, 2, "its value"},
		"a type that nobody knows":       {[]*dto.MetricFamily{typed(counter("c", none), dto.MetricType_GAUGE_HISTOGRAM)}, 1, "its type"},
		"buckets out of order":           {[]*dto.MetricFamily{histogram("h", 3, []float64{2, 1}, 1, 2)}, 1, "buckets"},
		"a bucket without a number":      {[]*dto.MetricFamily{histogram("h", 3, []float64{math.NaN()}, 1)}, 1, "buckets"},
		"buckets that shrink":            {[]*dto.MetricFamily{histogram("h", 3, []float64{1, 2}, 2, 1), histogram("i", 3, []float64{math.Inf(1)}, 2)}, 2, "buckets"},
		"quantiles twice, or none":       {[]*dto.MetricFamily{summary("s", 0.5, 0.5), summary("t", math.NaN())}, 2, "quantile"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &logged{}
			p := &fake{view: running(), families: map[string][]byte{
				"source": encode(t, counter("good_total", none)),
				"z":      encode(t, append(tt.families, counter("last_total", none))...),
			}}
			families := scrape(t, log, p)
			for _, want := range []string{"leat_records_total", "go_goroutines", "good_total", "last_total"} {
				if families[want] == nil {
					t.Errorf("%s is not on the page", want)
				}
			}
			if got := refusedOf(families, "z"); got != tt.refused || refusedOf(families, "source") != 0 {
				t.Errorf("%v are left out, want %v", got, tt.refused)
			}
			if !strings.Contains(log.String(), tt.told) || (tt.told == "") != (log.String() == "") {
				t.Errorf("the log is %q", log.String())
			}
		})
	}
}

func TestARefusalIsToldOnce(t *testing.T) {
	t.Parallel()
	log := &logged{}
	handler := status.Handler([]status.Pipeline{&fake{view: running(), families: map[string][]byte{"z": {5, 0xff}}}}, slog.New(slog.NewTextHandler(log, nil)))
	for range 3 {
		if code, _ := serve(t, handler, "/metrics"); code != http.StatusOK {
			t.Errorf("code %d", code)
		}
	}
	if got := strings.Count(log.String(), "garbled"); got != 1 {
		t.Errorf("it is told %d times:\n%s", got, log.String())
	}
}

// FuzzMetrics has a plugin answer anything.
func FuzzMetrics(f *testing.F) {
	f.Add([]byte{5, 0xff})
	f.Add([]byte("\x0b\x0a\x01c\x18\x00\x22\x04\x1a\x02\x09\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		families := scrape(t, &logged{}, &fake{view: running(), families: map[string][]byte{"z": raw}})
		if families["leat_records_total"] == nil {
			t.Error("the host's metrics are not on the page")
		}
	})
}
