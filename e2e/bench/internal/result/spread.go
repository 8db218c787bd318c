package result

import (
	"math"
	"slices"
)

// Spread is the middle of some values and their bounds.
type Spread struct{ Median, Min, Max float64 }

// SpreadOf returns the spread of what of gives for each sample; NaN for none.
func SpreadOf(samples []*Sample, of func(*Sample) float64) Spread {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return NewSpread(values)
}

// NewSpread returns the spread of values.
func NewSpread(values []float64) Spread {
	if len(values) == 0 {
		return Spread{math.NaN(), math.NaN(), math.NaN()}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return Spread{Median: (sorted[(n-1)/2] + sorted[n/2]) / 2, Min: sorted[0], Max: sorted[n-1]}
}

// Quantile returns the value that a share q of the sorted values does not exceed.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}
