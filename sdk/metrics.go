package sdk

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/protobuf/encoding/protodelim"
)

// ErrMetric means that a metric cannot stand beside those of the host.
var ErrMetric = errors.New("metric is refused")

// hostLabels are those that the host adds.
var hostLabels = prometheus.Labels{"pipeline": "", "plugin": ""}

// hostPrefixes begin the names of metrics that are the host's own.
var hostPrefixes = []string{"go_", "process_"}

// hostNamespace begins the host's names, and, with the plugin's name behind it,
// those of the plugins that come with leat.
const hostNamespace = "leat_"

// registerer refuses metrics that would make the host's page unreadable. What
// gets past it, as it says at Gather only what it has, the host leaves out.
type registerer struct {
	prometheus.Registerer
	plugin string
}

// Register refuses names and labels that are the host's.
func (r *registerer) Register(c prometheus.Collector) error {
	descs := make(chan *prometheus.Desc)
	go func() {
		defer close(descs)
		c.Describe(descs)
	}()
	var errs []error
	for d := range descs {
		errs = append(errs, r.check(d))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	err := prometheus.WrapRegistererWith(hostLabels, prometheus.NewRegistry()).Register(c)
	if err != nil && !errors.As(err, &prometheus.AlreadyRegisteredError{}) {
		return fmt.Errorf("%w: choose labels other than pipeline and plugin, which the host adds: %w", ErrMetric, err)
	}
	return r.Registerer.Register(c)
}

// MustRegister panics where Register refuses.
func (r *registerer) MustRegister(all ...prometheus.Collector) {
	for _, c := range all {
		if err := r.Register(c); err != nil {
			panic(err)
		}
	}
}

// fqName is the only way to a metric's name that client_golang has.
var fqName = regexp.MustCompile(`^Desc\{fqName: "([^"]*)"`)

func (r *registerer) check(d *prometheus.Desc) error {
	match := fqName.FindStringSubmatch(d.String())
	if match == nil {
		return nil // the registry says what is wrong with it
	}
	name := match[1]
	for _, prefix := range hostPrefixes {
		if strings.HasPrefix(name, prefix) {
			return fmt.Errorf("%w: %s begins with %s, as those of the host's process do; begin it with the plugin's name", ErrMetric, name, prefix)
		}
	}
	word, _, _ := strings.Cut(r.plugin, "-")
	own := hostNamespace + word + "_"
	if strings.HasPrefix(name, hostNamespace) && !strings.HasPrefix(name, own) {
		return fmt.Errorf("%w: %s begins with %s, which is the host's; begin it with %s, or otherwise", ErrMetric, name, hostNamespace, own)
	}
	return nil
}

// gather writes the metrics as length-delimited messages. Those that contradict
// each other are left out, and the error says so.
func gather(g prometheus.Gatherer) ([]byte, error) {
	families, err := g.Gather()
	var out bytes.Buffer
	for _, f := range families {
		if _, err := protodelim.MarshalTo(&out, f); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), err
}
