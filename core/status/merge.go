package status

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"
)

// nameRefused is the metric of what was left out of this very page.
const nameRefused = "leat_plugin_metrics_refused"

// page is what one scrape gets. A family of a plugin that does not fit is left
// out, so that a parser can read the rest.
type page struct {
	families map[string]*dto.MetricFamily
	samples  map[string]string // name of a sample: the family it is of
	host     map[string]bool   // families of the host
	refused  *dto.MetricFamily
}

func newPage(host []*dto.MetricFamily) *page {
	p := &page{families: map[string]*dto.MetricFamily{}, samples: map[string]string{}, host: map[string]bool{}}
	p.refused = &dto.MetricFamily{
		Name: proto.String(nameRefused), Type: dto.MetricType_GAUGE.Enum(),
		Help: proto.String("Metrics of the plugin that are left out as they would make this page unreadable; the log says why."),
	}
	for _, f := range append(host, p.refused) {
		p.host[f.GetName()] = true
		p.add(f)
	}
	return p
}

// merge adds a plugin's families, labelled with where they come from, and returns
// why some are left out.
func (p *page) merge(raw []byte, pipeline, plugin string) []error {
	var refused []error
	seen := map[string]bool{}
	for r := bytes.NewReader(raw); ; {
		f := new(dto.MetricFamily)
		err := protodelim.UnmarshalFrom(r, f)
		if errors.Is(err, io.EOF) {
			return refused
		}
		if err != nil { // what follows cannot be found
			return append(refused, fmt.Errorf("metrics are garbled: %w", err))
		}
		if err := p.check(f, seen); err != nil {
			refused = append(refused, fmt.Errorf("metric %.100q: %w", f.GetName(), err))
			continue
		}
		for _, m := range f.GetMetric() {
			m.Label = append([]*dto.LabelPair{label("pipeline", pipeline), label("plugin", plugin)}, m.GetLabel()...)
			m.TimestampMs = nil // it is of now, as the rest of the page
		}
		p.add(f)
	}
}

// check says why a family of a plugin does not fit into the page. seen has the
// names of that plugin.
func (p *page) check(f *dto.MetricFamily, seen map[string]bool) error {
	name := f.GetName()
	if p.host[name] || strings.HasPrefix(name, "go_") || strings.HasPrefix(name, "process_") {
		return errors.New("the name is the host's")
	}
	if seen[name] {
		return errors.New("the plugin has sent it twice")
	}
	seen[name] = true
	if have := p.families[name]; have != nil && have.GetType() != f.GetType() {
		return fmt.Errorf("its type is %v, that of the same metric of another plugin %v", f.GetType(), have.GetType())
	}
	for _, sample := range sampleNames(f) {
		if of, taken := p.samples[sample]; taken && of != name {
			return fmt.Errorf("its sample %s is one of the metric %s", sample, of)
		}
	}
	return checkFamily(f)
}

func (p *page) add(f *dto.MetricFamily) {
	if have := p.families[f.GetName()]; have != nil {
		have.Metric = append(have.Metric, f.GetMetric()...)
		return
	}
	p.families[f.GetName()] = f
	for _, sample := range sampleNames(f) {
		p.samples[sample] = f.GetName()
	}
}

// sampleNames are the names that a family has on the page.
func sampleNames(f *dto.MetricFamily) []string {
	name := f.GetName()
	switch f.GetType() {
	case dto.MetricType_HISTOGRAM:
		return []string{name, name + "_bucket", name + "_sum", name + "_count"}
	case dto.MetricType_SUMMARY:
		return []string{name, name + "_sum", name + "_count"}
	default:
		return []string{name}
	}
}

// count tells of a plugin how many of its families are left out.
func (p *page) count(pipeline, plugin string, n int) {
	p.refused.Metric = append(p.refused.Metric, &dto.Metric{
		Label: []*dto.LabelPair{label("pipeline", pipeline), label("plugin", plugin)},
		Gauge: &dto.Gauge{Value: proto.Float64(float64(n))},
	})
}

func (p *page) sorted() []*dto.MetricFamily {
	var out []*dto.MetricFamily
	for _, f := range p.families {
		if len(f.GetMetric()) > 0 {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	return out
}

func label(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }

// maxTold bounds what is remembered to have been told.
const maxTold = 1000

// refusals tells each reason once.
type refusals struct {
	log  *slog.Logger
	mu   sync.Mutex
	told map[string]bool
}

func (r *refusals) tell(pipeline, plugin string, refused []error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, err := range refused {
		key := pipeline + "\x00" + plugin + "\x00" + err.Error()
		if r.told[key] || len(r.told) >= maxTold {
			continue
		}
		if r.told == nil {
			r.told = map[string]bool{}
		}
		r.told[key] = true
		r.log.Warn("a metric of the plugin is left out of /metrics", "pipeline", pipeline, "plugin", plugin, "error", err)
	}
}
