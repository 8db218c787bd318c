package produce_test

import (
	"runtime"
	"strconv"
	"testing"

	"github.com/IBM/sarama"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/partition"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
)

const (
	benchPartitions = 6
	benchGroup      = 1000
	benchValue      = 450
)

// benchRig is a cluster that throws the records away, so that the producer is measured.
func benchRig(b *testing.B) *rig {
	s := settings(b)
	s.Compression = sarama.CompressionNone
	s.BatchBytes, s.InFlightBytes = 512<<10, 32<<20
	return newRig(b, s, kfake.BlackholeProduce(), kfake.SeedTopics(benchPartitions, "a"))
}

// benchKeys are made beforehand: in the sink they lie in the batch.
func benchKeys() [][]byte {
	keys := make([][]byte, benchGroup)
	for i := range keys {
		keys[i] = strconv.AppendInt(nil, int64(i), 10)
	}
	return keys
}

// BenchmarkProducer measures one record; allocations are those of the fake
// cluster too.
func BenchmarkProducer(b *testing.B) {
	r := benchRig(b)
	topic, keys, value := r.Topic("a", benchPartitions), benchKeys(), make([]byte, benchValue)
	b.ReportAllocs()
	b.SetBytes(benchValue)
	for sent := 0; b.Loop(); sent++ {
		if sent%benchGroup != 0 {
			continue // one iteration is one record, sent in groups
		}
		r.wait.Add(1)
		g, err := r.Begin(b.Context(), benchGroup, benchGroup*benchValue, r.done)
		if err != nil {
			b.Fatal(err)
		}
		for _, k := range keys {
			g.Add(topic, partition.Of(k, benchPartitions), produce.Record{Key: k, Value: value, Time: 1})
		}
		g.End()
	}
	r.mustSucceed(b)
}

// BenchmarkSarama is the same work through sarama's own producer.
func BenchmarkSarama(b *testing.B) {
	r := benchRig(b)
	conf := sarama.NewConfig()
	conf.Version = sarama.MaxVersion
	conf.Net.MaxOpenRequests = 1
	conf.Producer.Idempotent = true
	conf.Producer.RequiredAcks = sarama.WaitForAll
	conf.Producer.Return.Successes = true
	p, err := sarama.NewAsyncProducer(r.cluster.ListenAddrs(), conf)
	if err != nil {
		b.Fatal(err)
	}
	keys, value := benchKeys(), make([]byte, benchValue)
	acked := make(chan int, 1)
	go func() {
		n := 0
		for range p.Successes() {
			n++
		}
		acked <- n
	}()
	b.ReportAllocs()
	b.SetBytes(benchValue)
	sent := 0
	for ; b.Loop(); sent++ {
		p.Input() <- &sarama.ProducerMessage{
			Topic: "a", Key: sarama.ByteEncoder(keys[sent%benchGroup]), Value: sarama.ByteEncoder(value),
		}
	}
	p.AsyncClose()
	if n := <-acked; n != sent {
		b.Fatalf("%d of %d records were acknowledged", n, sent)
	}
	runtime.KeepAlive(r)
}
