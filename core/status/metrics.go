package status

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
)

// pluginTimeout is how long a scrape waits for a plugin's metrics.
const pluginTimeout = 2 * time.Second

var pluginLabels = []string{"pipeline", "plugin"}

// The host's metrics. docs/metrics.md describes them to users.
var (
	descRecords    = prometheus.NewDesc("leat_records_total", "Records sent by a source or transform, or made durable by a sink.", pluginLabels, nil)
	descBatches    = prometheus.NewDesc("leat_batches_total", "Batches sent by a source or transform, or made durable by a sink.", pluginLabels, nil)
	descBytes      = prometheus.NewDesc("leat_bytes_total", "Bytes of those batches.", pluginLabels, nil)
	descUp         = prometheus.NewDesc("leat_plugin_up", "1 if a process of the plugin is open.", pluginLabels, nil)
	descRestarts   = prometheus.NewDesc("leat_restarts_total", "How often the plugin was started again.", pluginLabels, nil)
	descDropped    = prometheus.NewDesc("leat_plugin_log_lines_dropped_total", "Lines of the plugin that are not in the log, as it wrote too many.", pluginLabels, nil)
	descOpen       = prometheus.NewDesc("leat_open_batches", "Batches that a sink has been given and has not made durable.", pluginLabels, nil)
	descLag        = prometheus.NewDesc("leat_lag_seconds", "Age of the newest record, or heartbeat, that a sink has made durable.", pluginLabels, nil)
	descCheckpoint = prometheus.NewDesc("leat_checkpoint_age_seconds", "Time since the checkpoint of a sink was stored.", pluginLabels, nil)
	descInFlight   = prometheus.NewDesc("leat_in_flight_bytes", "Bytes of batches that the host holds.", []string{"pipeline"}, nil)
	descFellBack   = prometheus.NewDesc("leat_checkpoint_fell_back", "1 if this run began at the checkpoints before the newest, which was not whole.", []string{"pipeline"}, nil)
	descReady      = prometheus.NewDesc("leat_pipeline_ready", "1 if nothing keeps the pipeline from doing its work.", []string{"pipeline"}, nil)
	descFailed     = prometheus.NewDesc("leat_pipeline_failed", "1 if the pipeline has failed, also if it is to be run anew.", []string{"pipeline"}, nil)
	descOldest     = prometheus.NewDesc("leat_oldest_open_batch_seconds", "For how long a transform or sink has been at the batch that it has to finish next.", pluginLabels, nil)
	descRunning    = prometheus.NewDesc("leat_pipeline_running", "1 if the pipeline runs, 0 if it starts, stops or has failed.", []string{"pipeline"}, nil)
)

// collector reads the pipelines' views.
type collector struct {
	pipelines []Pipeline
	now       func() time.Time
}

func (c *collector) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, out) }

func (c *collector) Collect(out chan<- prometheus.Metric) {
	for _, p := range c.pipelines {
		v := p.View()
		out <- prometheus.MustNewConstMetric(descRunning, prometheus.GaugeValue, gauge(v.State == Running), v.Name)
		out <- prometheus.MustNewConstMetric(descReady, prometheus.GaugeValue, gauge(v.waiting(c.now()) == ""), v.Name)
		out <- prometheus.MustNewConstMetric(descFailed, prometheus.GaugeValue, gauge(v.State == Failed), v.Name)
		out <- prometheus.MustNewConstMetric(descFellBack, prometheus.GaugeValue, gauge(v.FellBack != ""), v.Name)
		out <- prometheus.MustNewConstMetric(descInFlight, prometheus.GaugeValue, float64(v.InFlight), v.Name)
		for _, pl := range v.Plugins {
			c.collectPlugin(out, v.Name, &pl)
		}
	}
}

func (c *collector) collectPlugin(out chan<- prometheus.Metric, pipeline string, p *Plugin) {
	send := func(d *prometheus.Desc, t prometheus.ValueType, v float64) {
		out <- prometheus.MustNewConstMetric(d, t, v, pipeline, p.Name)
	}
	send(descUp, prometheus.GaugeValue, gauge(p.Up))
	send(descRestarts, prometheus.CounterValue, float64(p.Restarts))
	send(descDropped, prometheus.CounterValue, float64(p.DroppedLines))
	send(descRecords, prometheus.CounterValue, float64(p.Records))
	send(descBatches, prometheus.CounterValue, float64(p.Batches))
	send(descBytes, prometheus.CounterValue, float64(p.Bytes))
	collectProgress(p, func(d *prometheus.Desc, v float64) { send(d, prometheus.GaugeValue, v) })
	if p.Kind != "source" {
		send(descOldest, prometheus.GaugeValue, p.oldest(c.now()))
	}
	if p.Kind != "sink" {
		return
	}
	send(descOpen, prometheus.GaugeValue, float64(p.OpenBatches))
	if !p.Time.IsZero() {
		send(descLag, prometheus.GaugeValue, max(0, c.now().Sub(p.Time).Seconds()))
	}
	if !p.Checkpoint.IsZero() {
		send(descCheckpoint, prometheus.GaugeValue, c.now().Sub(p.Checkpoint).Seconds())
	}
}

// oldest is for how long the plugin has been at a batch, in seconds.
func (p *Plugin) oldest(now time.Time) float64 {
	if p.OldestOpen == nil {
		return 0
	}
	return max(0, now.Sub(p.OldestOpen.Since).Seconds())
}

func gauge(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// gatherer joins the host's own metrics with those of the plugins.
type gatherer struct {
	own       *prometheus.Registry
	pipelines []Pipeline
	refusals  refusals
}

func newGatherer(pipelines []Pipeline, log *slog.Logger) *gatherer {
	own := prometheus.NewRegistry()
	own.MustRegister(
		&collector{pipelines: pipelines, now: time.Now},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return &gatherer{own: own, pipelines: pipelines, refusals: refusals{log: log}}
}

// Gather returns all families, sorted by name.
func (g *gatherer) Gather() ([]*dto.MetricFamily, error) {
	families, err := g.own.Gather()
	all := newPage(families)
	ctx, cancel := context.WithTimeout(context.Background(), pluginTimeout)
	defer cancel()
	for _, p := range g.pipelines {
		name := p.View().Name
		answers := p.Families(ctx)
		for _, plugin := range slices.Sorted(maps.Keys(answers)) {
			refused := all.merge(answers[plugin], name, plugin)
			g.refusals.tell(name, plugin, refused)
			all.count(name, plugin, len(refused))
		}
	}
	return all.sorted(), err
}
