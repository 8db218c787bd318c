package sdktest

import (
	"testing"

	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// SinkDriver is what the suite needs to know of a sink and its system.
type SinkDriver struct {
	Driver
	// Record makes the n-th record. Several of ten in a row should have one key,
	// or order is not tested.
	Record func(n int) Record
	// Written returns the numbers of the records that the system holds, those of
	// one key in the order in which they became visible. A record that was written
	// twice is there twice. What is not durable must not be seen.
	Written func(t *testing.T) []int
	// Unordered: the system does not tell in which order records were written.
	Unordered bool
	// Upserts: a record that is written twice is there once.
	Upserts bool
	// Bad records, by what is wrong with them: each ends the sink with a permanent
	// error, as it will never be taken.
	Bad map[string]Record
}

// sinkSuite is a run of the suite.
type sinkSuite struct {
	SinkDriver
	transactional bool
	next          int    // number of the next record
	sequence      uint64 // of the last batch; it rises over all runs, as the host's does not
	batches       map[uint64][]int
}

// perBatch records are in each batch of the suite.
const perBatch = 5

// Sink runs the suite for sinks.
func Sink(t *testing.T, d SinkDriver) {
	s := &sinkSuite{SinkDriver: d, batches: map[uint64][]int{}}
	s.run(t, "opens", func(t *testing.T) {
		r := s.open(t)
		s.transactional = r.Transactional()
		r.Kill()
	})
	s.common(t, leatv1.Kind_KIND_SINK, func(t *testing.T, config any) (*host, error) {
		r, err := RunSink(t, d.New(), config)
		if err != nil {
			return nil, err
		}
		return r.host, nil
	})
	s.run(t, "acknowledges each batch once it is durable", s.durable)
	s.run(t, "acknowledges empty batches", s.empty)
	s.run(t, "keeps the order of a key", s.ordered)
	s.run(t, "finishes what it was sent before a stop", s.stopped)
	s.run(t, "loses nothing when it is killed", s.killed)
	if s.transactional {
		s.run(t, "stores checkpoints with the records", s.stores)
	}
	for name, bad := range d.Bad {
		s.run(t, "stops for good at: "+name, func(t *testing.T) { s.bad(t, bad) })
	}
}

func (s *sinkSuite) open(t *testing.T) *SinkRun {
	t.Helper()
	r, err := RunSink(t, s.New(), s.Config)
	if err != nil {
		t.Fatalf("open sink: %v", err)
	}
	r.timeout, r.last = s.timeout(), s.sequence
	return r
}

// send sends a new batch of so many records.
func (s *sinkSuite) send(t *testing.T, r *SinkRun, records int) uint64 {
	t.Helper()
	s.sequence++
	var numbers []int
	for range records {
		numbers = append(numbers, s.next)
		s.next++
	}
	s.batches[s.sequence] = numbers
	s.resend(t, r, s.sequence)
	return s.sequence
}

// resend sends a batch, maybe again; to a transactional sink with its state.
func (s *sinkSuite) resend(t *testing.T, r *SinkRun, sequence uint64) {
	t.Helper()
	var records []Record
	for _, n := range s.batches[sequence] {
		records = append(records, s.Record(n))
	}
	if s.transactional {
		r.SendState(sdk.StateChange{Key: "batch", Value: position(sequence)})
	}
	r.sendAs(sequence, records)
}
