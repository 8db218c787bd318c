package report

import (
	"fmt"
	"math"
	"strconv"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

const mib = 1 << 20

// number writes three digits that count, with commas between thousands.
func number(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case v < 0:
		return "-" + number(-v)
	case v >= 999.5:
		scale := math.Pow(10, math.Floor(math.Log10(v))-2)
		return thousands(int64(math.Round(v/scale) * scale))
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// spread writes the median, and the bounds where they differ.
func spread(s result.Spread) string {
	if s.Min == s.Max {
		return number(s.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", number(s.Median), number(s.Min), number(s.Max))
}

// ratio writes how many times b goes into a.
func ratio(a, b float64) string {
	if b == 0 {
		return "–"
	}
	return number(a/b) + "×"
}

// The figures of a sample.
func start(s *result.Sample) float64   { return s.Start }
func memory(s *result.Sample) float64  { return float64(s.Peak) / mib }
func share(s *result.Sample) float64   { return 100 * s.CPU / s.Elapsed }
func p50(s *result.Sample) float64     { return s.Latency.P50 }
func p99(s *result.Sample) float64     { return s.Latency.P99 }
func slowest(s *result.Sample) float64 { return s.Latency.Max }

var (
	rows = (*result.Sample).RowsPerSecond
	cpu  = (*result.Sample).CPUPerMillion
	// later is cpu without the start.
	later = (*result.Sample).LaterCPUPerMillion
)

// Line is a sample in a line of a log.
func Line(s *result.Sample) string {
	if s.Latency != nil {
		return fmt.Sprintf("p50 %s ms, p99 %s ms, max %s ms, CPU %s %% of a core, %s MiB",
			number(s.Latency.P50), number(s.Latency.P99), number(s.Latency.Max), number(share(s)), number(memory(s)))
	}
	return fmt.Sprintf("%s rows/s, %s CPU s/million, %s MiB, start %s s",
		number(rows(s)), number(cpu(s)), number(memory(s)), number(s.Start))
}
