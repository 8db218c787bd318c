// Package fault is the list of failures that the BigQuery stand-in is told to show.
//
// A Rule says at which call of which table something goes wrong and how often; an Outcome says what. Rules are used
// in the order in which they were added. The package decides only; the transports act.
package fault

import (
	"sync"
	"time"

	"google.golang.org/grpc/codes"
)

// AppendRows is the call that a Rule without a call is for. The others are the gRPC methods' names (GetWriteStream) and
// the REST methods' (tables.patch).
const AppendRows = "AppendRows"

// Always as Rule.Times keeps a rule for good.
const Always = -1

// Rule places an outcome.
type Rule struct {
	Call    string // "" is AppendRows
	Table   string // dataset.table, "" is any
	After   int    // how many matching calls pass unharmed first
	Times   int    // how many calls are hit, 0 is one
	Outcome Outcome
}

// Outcome is what happens to a call.
type Outcome struct {
	Code    codes.Code     // codes.OK is no error
	Message string         // of the error
	Applied bool           // the call takes effect although it fails: the acknowledgement is lost
	Break   bool           // the error ends the gRPC stream instead of answering the one request
	Delay   time.Duration  // before the answer is sent
	Signal  bool           // the answer carries the table's schema as UpdatedSchema
	Rows    map[int]string // rows that are refused, by index, with the message; nothing is applied
}

// Plan holds the rules; its zero value has none. It is safe for concurrent use.
type Plan struct {
	mu    sync.Mutex
	rules []*Rule
}

// Add appends a rule.
func (p *Plan) Add(r Rule) {
	if r.Call == "" {
		r.Call = AppendRows
	}
	if r.Times == 0 {
		r.Times = 1
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules = append(p.rules, &r)
}

// Clear drops all rules.
func (p *Plan) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules = nil
}

// Pending returns how many rules have hits left; a test that expects all of its faults to have happened checks for 0.
func (p *Plan) Pending() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.rules)
}

// Next returns the outcome of a call and counts it; without a matching rule all goes well.
func (p *Plan) Next(call, table string) Outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, r := range p.rules {
		if r.Call != call || r.Table != "" && r.Table != table {
			continue
		}
		if r.After > 0 {
			r.After--
			continue
		}
		if r.Times != Always {
			r.Times--
		}
		if r.Times == 0 {
			p.rules = append(p.rules[:i:i], p.rules[i+1:]...)
		}
		return r.Outcome
	}
	return Outcome{}
}
