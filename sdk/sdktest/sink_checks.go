package sdktest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
)

func (s *sinkSuite) durable(t *testing.T) {
	r := s.open(t)
	for range 6 {
		s.send(t, r, perBatch)
	}
	for len(r.Unacknowledged()) > 0 {
		sequence, err := r.Ack()
		if err != nil {
			t.Fatal(err)
		}
		written := s.Written(t)
		for _, n := range s.batches[sequence] {
			if !slices.Contains(written, n) {
				t.Errorf("batch %d is acknowledged, its record %d is not durable", sequence, n)
			}
		}
	}
	r.Kill()
}

func (s *sinkSuite) empty(t *testing.T) {
	r := s.open(t)
	for _, records := range []int{0, perBatch, 0, 0} {
		s.send(t, r, records)
	}
	settle(t, r)
	r.Kill()
}

func (s *sinkSuite) ordered(t *testing.T) {
	first := s.next
	r := s.open(t)
	for range 20 {
		s.send(t, r, perBatch)
	}
	settle(t, r)
	r.Kill()
	s.complete(t, first, true)
}

// stopped sends more than a sink has taken when Stop comes.
func (s *sinkSuite) stopped(t *testing.T) {
	first := s.next
	r := s.open(t)
	for range 8 {
		s.send(t, r, perBatch)
	}
	if err := r.Stop(); err != nil {
		t.Fatalf("stop: %v", err)
	}
	s.complete(t, first, true)
}

// killed kills the sink behind its first acknowledgements, and again; the next
// one gets what was not acknowledged, and more.
func (s *sinkSuite) killed(t *testing.T) {
	first := s.next
	var open []uint64
	for range 3 {
		r := s.open(t)
		s.again(t, r, open)
		for range 6 {
			s.send(t, r, perBatch)
		}
		for range 2 {
			if _, err := r.Ack(); err != nil {
				t.Fatal(err)
			}
		}
		open = r.Unacknowledged()
		r.Kill()
	}
	r := s.open(t)
	s.again(t, r, open)
	settle(t, r)
	r.Kill()
	s.complete(t, first, s.transactional)
}

// again sends what a sink that starts anew has to be sent: all that was not
// acknowledged, and that it has not stored by itself.
func (s *sinkSuite) again(t *testing.T, r *SinkRun, open []uint64) {
	t.Helper()
	done := uint64(0)
	if c := r.Stored(); c != nil {
		b, _ := c.Position.AppendBinary(nil) // never fails
		for _, sequence := range open {
			if string(position(sequence)) == string(b) {
				done = sequence
			}
		}
	}
	for _, sequence := range open {
		if sequence > done {
			s.resend(t, r, sequence)
		}
	}
}

// stores asks a sink that starts anew where it stands.
func (s *sinkSuite) stores(t *testing.T) {
	r := s.open(t)
	for range 3 {
		s.send(t, r, perBatch)
	}
	last := s.send(t, r, 0) // a position alone is worth a checkpoint
	settle(t, r)
	r.Kill()
	next := s.open(t)
	defer next.Kill()
	c := next.Stored()
	if c == nil {
		t.Fatal("the sink has acknowledged batches and has no checkpoint")
	}
	b, _ := c.Position.AppendBinary(nil) // never fails
	if want := string(position(last)); string(b) != want || string(c.State["batch"]) != want {
		t.Errorf("checkpoint at %q with state %q, want both %q", b, c.State, want)
	}
}

func (s *sinkSuite) bad(t *testing.T, bad Record) {
	r := s.open(t)
	defer r.Kill()
	s.sequence++
	r.sendAs(s.sequence, []Record{bad})
	_, err := r.Ack()
	switch {
	case err == nil:
		t.Error("the batch was acknowledged")
	case isWaited(err) || sdk.IsTransient(err):
		t.Errorf("want a permanent error, got: %v", err)
	}
}

func settle(t *testing.T, r *SinkRun) {
	t.Helper()
	if err := r.Settle(); err != nil {
		t.Fatal(err)
	}
}

// complete sees that all records from first on were written, in the order of
// their keys, and once if that is promised.
func (s *sinkSuite) complete(t *testing.T, first int, once bool) {
	t.Helper()
	byKey := map[string][]int{}
	for n := first; n < s.next; n++ {
		k := key(s.Record(n))
		byKey[k] = append(byKey[k], n)
	}
	got := map[string][]int{}
	for _, n := range s.Written(t) {
		if n < first || n >= s.next {
			continue
		}
		k := key(s.Record(n))
		if (once && !s.Upserts) || !slices.Contains(got[k], n) {
			got[k] = append(got[k], n)
		}
	}
	if s.Unordered {
		for _, numbers := range got {
			slices.Sort(numbers)
		}
	}
	if diff := cmp.Diff(byKey, got); diff != "" {
		t.Errorf("records by key (-want +got):\n%s", diff)
	}
}

// key of a record; records of different tables or targets have none in common.
func key(r Record) string {
	if r.Change != nil {
		table := ""
		if r.Row != nil {
			table = r.Row.Database + "." + r.Row.Table
		}
		return table + "/" + string(r.Change.Key)
	}
	topic := ""
	if r.Target != nil {
		topic = r.Target.Topic
	}
	return topic + "/" + string(r.Message.Key)
}
