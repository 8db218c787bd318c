package topics_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/e2e/differential/internal/topics"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const schemaOne = `{"type":"record","name":"Value","namespace":"dbz1.d.t","fields":[{"name":"a","type":"string"}]}`

// rig is a broker with topics and a registry that has schema 1, which its own API alone serves as 2.
func rig(t *testing.T) (broker, registry string) {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "dbz1.d.t", "dbz1.d.skipped", "dbz12.d.t"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	mux := http.NewServeMux()
	text := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
	}
	mux.HandleFunc("/apis/ccompat/v7/schemas/ids/1", text(fmt.Sprintf(`{"schema":%q}`, schemaOne)))
	mux.HandleFunc("/apis/ccompat/v7/schemas/ids/2", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) })
	mux.HandleFunc("/apis/registry/v2/ids/contentIds/2", text(schemaOne))
	mux.HandleFunc("/apis/ccompat/v7/subjects/dbz1.d.t-value/versions", text("[1]"))
	mux.HandleFunc("/apis/ccompat/v7/subjects/dbz1.d.t-value/versions/1", text(fmt.Sprintf(`{"schema":%q}`, schemaOne)))
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return cluster.ListenAddrs()[0], server.URL + "/apis/ccompat/v7"
}

func produce(t *testing.T, broker string, records ...*kgo.Record) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(broker))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.ProduceSync(t.Context(), records...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func encoded(id byte, text string) []byte {
	return append([]byte{0, 0, 0, 0, id, byte(2 * len(text))}, text...)
}

func reader(t *testing.T) (*topics.Reader, string) {
	t.Helper()
	broker, registry := rig(t)
	r, err := topics.NewReader(broker, registry, "dbz1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r, broker
}

func TestSide(t *testing.T) {
	t.Parallel()
	r, broker := reader(t)
	produce(t, broker,
		&kgo.Record{Topic: "dbz1.d.t", Value: encoded(1, "x of dbz1"), Headers: []kgo.RecordHeader{{Key: "h", Value: []byte("dbz1")}}},
		&kgo.Record{Topic: "dbz1.d.t", Key: encoded(2, "y")},
		&kgo.Record{Topic: "dbz1.d.skipped", Value: []byte("not Avro")},
		&kgo.Record{Topic: "dbz12.d.t", Value: encoded(1, "of another contender")})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := r.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	side, err := r.Side(ctx, func(topic string) bool { return topic == "d.skipped" })
	if err != nil {
		t.Fatal(err)
	}
	topic := side["PREFIX.d.t"]
	if len(side) != 1 || topic == nil || side.Records() != 2 {
		t.Fatalf("side %+v, want two records of one topic", side)
	}
	if diff := cmp.Diff([]topics.Header{{Name: "h", Value: "PREFIX"}}, topic.Records[0].Headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(any(tree.Object{{Name: "a", Value: "x of PREFIX"}}), topic.Records[0].Value); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
	if topic.Records[1].Value != nil || topic.Records[1].ValueSchema != nil || topic.Records[0].Key != nil {
		t.Errorf("records %+v, want a null key and a null value", topic.Records)
	}
	if len(topic.Values) != 1 || topic.Values[0] != topic.Records[0].ValueSchema || len(topic.Keys) != 0 {
		t.Errorf("versions %v and %v, want the schema of the value", topic.Keys, topic.Values)
	}
	if got := tree.Get(topic.Values[0].JSON, "namespace"); got != "PREFIX.d.t" {
		t.Errorf("namespace %v", got)
	}
}

func TestRecordsErrWireFormat(t *testing.T) {
	t.Parallel()
	r, broker := reader(t)
	produce(t, broker, &kgo.Record{Topic: "dbz1.d.t", Value: []byte("text")})
	if err := r.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Records(t.Context(), "d.t"); !errors.Is(err, topics.ErrWireFormat) {
		t.Errorf("error %v, want ErrWireFormat", err)
	}
}
