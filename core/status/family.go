package status

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/model"
)

var errNotCumulative = errors.New("the buckets of its histogram are not in order")

// checkFamily says why a parser of Prometheus could not read a family.
func checkFamily(f *dto.MetricFamily) error {
	if !model.LegacyValidation.IsValidMetricName(f.GetName()) {
		return errors.New("the name has other characters than letters, digits, _ and :, or none")
	}
	if !utf8.ValidString(f.GetHelp()) {
		return errors.New("its help is not UTF-8")
	}
	seen := map[string]bool{}
	for _, m := range f.GetMetric() {
		series, err := seriesOf(m, reservedLabel(f.GetType()))
		if err != nil {
			return err
		}
		if seen[series] {
			return fmt.Errorf("it has the labels {%.200s} twice", series)
		}
		seen[series] = true
		if err := checkValue(f.GetType(), m); err != nil {
			return err
		}
	}
	return nil
}

// reservedLabel is the label that the type itself has on the page.
func reservedLabel(t dto.MetricType) string {
	switch t {
	case dto.MetricType_HISTOGRAM:
		return model.BucketLabel
	case dto.MetricType_SUMMARY:
		return model.QuantileLabel
	default:
		return ""
	}
}

// seriesOf returns the labels of a sample in order.
func seriesOf(m *dto.Metric, reserved string) (string, error) {
	names := map[string]bool{"pipeline": true, "plugin": true, reserved: true}
	var series []string
	for _, l := range m.GetLabel() {
		name := l.GetName()
		if !model.LegacyValidation.IsValidLabelName(name) || strings.HasPrefix(name, model.ReservedLabelPrefix) {
			return "", fmt.Errorf("the label %.100q has other characters than letters, digits and _, or none, or begins with __", name)
		}
		if names[name] {
			return "", fmt.Errorf("the label %s is there already: pipeline and plugin are the host's", name)
		}
		names[name] = true
		if !utf8.ValidString(l.GetValue()) {
			return "", fmt.Errorf("the value of its label %s is not UTF-8", name)
		}
		series = append(series, fmt.Sprintf("%s=%q", name, l.GetValue()))
	}
	slices.Sort(series)
	return strings.Join(series, ","), nil
}

func checkValue(t dto.MetricType, m *dto.Metric) error {
	there := false
	switch t {
	case dto.MetricType_COUNTER:
		there = m.GetCounter() != nil
	case dto.MetricType_GAUGE:
		there = m.GetGauge() != nil
	case dto.MetricType_UNTYPED:
		there = m.GetUntyped() != nil
	case dto.MetricType_SUMMARY:
		if there = m.GetSummary() != nil; there {
			return checkQuantiles(m.GetSummary())
		}
	case dto.MetricType_HISTOGRAM:
		if there = m.GetHistogram() != nil; there {
			return checkBuckets(m.GetHistogram())
		}
	default:
		return fmt.Errorf("its type %v is not supported", t)
	}
	if !there {
		return fmt.Errorf("its value is not that of a %v", t)
	}
	return nil
}

func checkQuantiles(s *dto.Summary) error {
	seen := map[float64]bool{}
	for _, q := range s.GetQuantile() {
		if at := q.GetQuantile(); !(at >= 0 && at <= 1) || seen[at] {
			return fmt.Errorf("its summary has the quantile %v, or has it twice", at)
		}
		seen[q.GetQuantile()] = true
	}
	return nil
}

func checkBuckets(h *dto.Histogram) error {
	bound, count := math.Inf(-1), uint64(0)
	for i, b := range h.GetBucket() {
		ascending := b.GetUpperBound() > bound || (i == 0 && b.GetUpperBound() == bound)
		if !ascending || b.GetCumulativeCount() < count || b.GetCumulativeCount() > h.GetSampleCount() {
			return errNotCumulative
		}
		bound, count = b.GetUpperBound(), b.GetCumulativeCount()
	}
	if math.IsInf(bound, 1) && count != h.GetSampleCount() {
		return errNotCumulative
	}
	return nil
}
