//go:build e2e

package servers

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

func contains(err error, text string) bool { return strings.Contains(err.Error(), text) }

func TestKafka(t *testing.T) {
	t.Parallel()
	server, err := Kafka(t.Context(), Options{Flags: []string{"num.partitions=3"}})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, server.Process)
	produce(t, server, "first")
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := pingKafka(ctx, server.Bootstrap); err == nil {
		t.Fatal("the stopped broker answers")
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	produce(t, server, "second")
	if diff := cmp.Diff([]string{"first", "second"}, consume(t, server, 2)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func produce(t *testing.T, server *KafkaServer, value string) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(server.Bootstrap), kgo.DefaultProduceTopic("t"), kgo.AllowAutoTopicCreation())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	record := &kgo.Record{Key: []byte("k"), Value: []byte(value)}
	if err := client.ProduceSync(t.Context(), record).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func consume(t *testing.T, server *KafkaServer, records int) []string {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(server.Bootstrap), kgo.ConsumeTopics("t"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var values []string
	for len(values) < records {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) { values = append(values, string(r.Value)) })
	}
	return values
}
