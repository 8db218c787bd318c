package filter

import (
	"encoding/json"
	"fmt"
)

// stored is a filter as it is written down.
type stored struct {
	Include Patterns `json:"include"`
	Exclude Patterns `json:"exclude"`
}

// Text writes the patterns down; Parse reads them.
func (f *Filter) Text() []byte {
	text, _ := json.Marshal(f.patterns) // strings never fail
	return text
}

// Parse reads what Text wrote.
func Parse(text []byte) (*Filter, error) {
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("read stored filter: %w", err)
	}
	f, err := New(s.Include, s.Exclude)
	if err != nil {
		return nil, fmt.Errorf("read stored filter: %w", err)
	}
	return f, nil
}
