package produce

import (
	"math"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"
)

func TestAdvance(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from int32
		n    int
		want int32
	}{
		"OK":                     {5, 3, 8},
		"to the last number":     {math.MaxInt32 - 1, 1, math.MaxInt32},
		"from the last to zero":  {math.MaxInt32, 1, 0},
		"over the end":           {math.MaxInt32 - 1, 5, 3},
		"nothing stays in place": {7, 0, 7},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := advance(tt.from, tt.n); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

// queueOf has a chunk of one group for each list of record sizes.
func queueOf(sizes ...[]int) (*partition, []*Group) {
	part := &partition{}
	var groups []*Group
	at := int64(0)
	for _, list := range sizes {
		c := chunk{group: &Group{}}
		groups = append(groups, c.group)
		for _, size := range list {
			at++
			c.records = append(c.records, &record{time: at, size: size})
			c.size += size
		}
		part.queue = append(part.queue, c)
	}
	return part, groups
}

func TestPull(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sizes [][]int
		limit int
		want  [][]int64 // records of each batch, by their times
	}{
		"all that fits":                  {[][]int{{1, 1}, {1}}, 10, [][]int64{{1, 2, 3}}},
		"a chunk in parts":               {[][]int{{4, 4, 4, 4}}, 8, [][]int64{{1, 2}, {3, 4}}},
		"the end of one with the next":   {[][]int{{4, 4, 4}, {4, 4}}, 8, [][]int64{{1, 2}, {3, 4}, {5}}},
		"a record larger than the limit": {[][]int{{1, 99, 1}}, 8, [][]int64{{1}, {2}, {3}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part, _ := queueOf(tt.sizes...)
			var got [][]int64
			for len(part.queue) > 0 {
				records, spans, size := part.pull(tt.limit)
				var times []int64
				for _, r := range records {
					times = append(times, r.time)
					size -= r.size
				}
				n := 0
				for _, s := range spans {
					n += s.n
				}
				if n != len(records) || size != 0 {
					t.Fatalf("spans have %d of %d records, the size is wrong by %d", n, len(records), size)
				}
				got = append(got, times)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("batches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	part, groups := queueOf([]int{1, 1}, []int{1, 1, 1})
	part.identity, part.sequence = Identity{7, 3}, math.MaxInt32
	b := part.build(&Producer{identity: Identity{7, 3}, settings: Settings{BatchBytes: 100}})
	halves := b.split()

	type half struct {
		Sequence     int32
		First, Last  time.Time
		Records      int
		Offset       int64 // of the last record
		Delta        time.Duration
		Groups, Mine int
	}
	var got []half
	for i, h := range halves {
		last := h.wire.Records[len(h.wire.Records)-1]
		got = append(got, half{
			h.wire.FirstSequence, h.wire.FirstTimestamp, h.wire.MaxTimestamp, len(h.wire.Records),
			last.OffsetDelta, last.TimestampDelta, len(h.spans), h.spans[0].n,
		})
		if h.spans[0].group != groups[i] && i == 0 {
			t.Error("the first half begins with another group")
		}
		if h.wire.ProducerID != 7 || h.wire.ProducerEpoch != 3 || h.wire.LastOffsetDelta != int32(last.OffsetDelta) {
			t.Errorf("half %d is %+v", i, h.wire)
		}
	}
	want := []half{
		{math.MaxInt32, time.UnixMilli(1), time.UnixMilli(2), 2, 1, time.Millisecond, 1, 2},
		{1, time.UnixMilli(3), time.UnixMilli(5), 3, 2, 2 * time.Millisecond, 1, 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("halves (-want +got):\n%s", diff)
	}
	if part.sequence != 4 {
		t.Errorf("the next sequence number is %d, want 4", part.sequence)
	}
}

func TestSplitSpans(t *testing.T) {
	t.Parallel()
	a, b := &Group{}, &Group{}
	front, back := splitSpans([]span{{a, 2}, {b, 3}}, 3)
	same := cmp.Comparer(func(x, y span) bool { return x == y })
	if diff := cmp.Diff([]span{{a, 2}, {b, 1}}, front, same); diff != "" {
		t.Errorf("front (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]span{{b, 2}}, back, same); diff != "" {
		t.Errorf("back (-want +got):\n%s", diff)
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	text := "key is missing"
	b := &batch{part: &partition{topic: "a", id: 1}}
	answer := func(block *sarama.ProduceResponseBlock) *sarama.ProduceResponse {
		return &sarama.ProduceResponse{Blocks: map[string]map[int32]*sarama.ProduceResponseBlock{"a": {1: block}}}
	}
	tests := map[string]struct {
		res  *sarama.ProduceResponse
		want string
	}{
		"OK":                  {answer(&sarama.ProduceResponseBlock{}), ""},
		"a duplicate is fine": {answer(&sarama.ProduceResponseBlock{Err: sarama.ErrDuplicateSequenceNumber}), ""},
		"no answer for the partition": {
			&sarama.ProduceResponse{}, sarama.ErrIncompleteResponse.Error(),
		},
		"with the broker's explanation": {
			answer(&sarama.ProduceResponseBlock{
				Err: sarama.ErrInvalidRecord, ErrorMessage: &text,
				RecordErrors: []sarama.ProduceResponseRecordError{{BatchIndex: 4, BatchIndexErrorMessage: &text}},
			}),
			sarama.ErrInvalidRecord.Error() + ": key is missing: record 4: key is missing",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := outcome(b, tt.res, nil); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}
