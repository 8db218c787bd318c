//go:build e2e

package servers

import (
	"errors"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func TestConnect(t *testing.T) {
	t.Parallel()
	defer http.DefaultClient.CloseIdleConnections()
	mysql, err := MySQL(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, mysql.Process)
	kafka, err := Kafka(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, kafka.Process)
	registry, err := Registry(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, registry.Process)
	connect, err := Connect(t.Context(), kafka, registry, Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, connect.Process)
	if err := mysql.Exec(t.Context(), "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)", "INSERT INTO d.t VALUES (1)"); err != nil {
		t.Fatal(err)
	}

	good := DebeziumConfig(mysql, "dbz", 4711, map[string]string{"database.include.list": "d"})
	if err := connect.Create(t.Context(), "good", good); err != nil {
		t.Fatal(err)
	}
	bad := maps.Clone(good)
	bad["snapshot.mode"] = "recovery" // which needs offsets that it does not have
	if err := connect.Create(t.Context(), "bad", bad); err != nil {
		t.Fatal(err)
	}

	record := first(t, kafka, "dbz.d.t")
	if len(record.Value) < 5 || record.Value[0] != 0 {
		t.Errorf("value %x is not in Confluent's wire format", record.Value)
	}
	if err := connect.Check(t.Context(), "good"); err != nil {
		t.Error(err)
	}
	for start := time.Now(); !errors.Is(connect.Check(t.Context(), "bad"), ErrConnectorFailed); time.Sleep(pollEvery) {
		if time.Since(start) > startLimit {
			t.Fatal("the connector with nothing to recover did not fail")
		}
	}
	if err := connect.Delete(t.Context(), "good"); err != nil {
		t.Error(err)
	}
	if err := connect.Check(t.Context(), "good"); err == nil {
		t.Error("the deleted connector is there")
	}
}

// first waits for the first record of a topic that may not be there yet.
func first(t *testing.T, server *KafkaServer, topic string) *kgo.Record {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(server.Bootstrap), kgo.ConsumeTopics(topic), kgo.UnknownTopicRetries(-1),
		kgo.MetadataMinAge(100*time.Millisecond), kgo.MetadataMaxAge(time.Second),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for t.Context().Err() == nil {
		for _, record := range client.PollFetches(t.Context()).Records() {
			return record
		}
	}
	t.Fatal(t.Context().Err())
	return nil
}
