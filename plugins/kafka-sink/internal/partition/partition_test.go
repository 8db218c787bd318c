package partition_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/partition"
)

func TestMurmur2(t *testing.T) {
	t.Parallel()
	// The vectors of Kafka's own UtilsTest.testMurmur2.
	tests := map[string]int32{
		"21":                         -973932308,
		"foobar":                     -790332482,
		"a-little-bit-long-string":   -985981536,
		"a-little-bit-longer-string": -1486304829,
		"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
		"abc": 479470107,
	}
	for in, want := range tests {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, int32(partition.Murmur2([]byte(in)))); diff != "" {
				t.Errorf("hash (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	t.Run("equals franz-go's default partitioner", func(t *testing.T) {
		t.Parallel()
		peer := kgo.StickyKeyPartitioner(nil).ForTopic("t")
		random := rand.New(rand.NewPCG(1, 2))
		for range 20_000 {
			key := make([]byte, random.IntN(40))
			for i := range key {
				key[i] = byte(random.Uint32())
			}
			n := 1 + random.Int32N(100)
			want := peer.Partition(&kgo.Record{Key: key}, int(n))
			if got := partition.Of(key, n); int(got) != want {
				t.Fatalf("key %x of %d partitions: got %d, want %d", key, n, got, want)
			}
		}
	})
	t.Run("an empty key is a key", func(t *testing.T) {
		t.Parallel()
		if got, want := partition.Of([]byte{}, 7), int32(275646681%7); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	})
}

func TestSticky(t *testing.T) {
	t.Parallel()
	var s partition.Sticky
	var got []int32
	for range 4 {
		got = append(got, s.Of(3), s.Of(3))
		s.Next()
	}
	if diff := cmp.Diff([]int32{0, 0, 1, 1, 2, 2, 0, 0}, got); diff != "" {
		t.Errorf("partitions (-want +got):\n%s", diff)
	}
}

func BenchmarkOf(b *testing.B) {
	key := []byte("0123456789abcdef0123")
	b.ReportAllocs()
	for b.Loop() {
		partition.Of(key, 12)
	}
}
