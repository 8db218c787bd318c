package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
)

// Sinks that keep tables learn from the announcement what neither the topic nor
// the bytes say; the registry, and so every reader of Kafka, sees nothing of it.
func TestAnnouncesTheRow(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	row := *items
	row.Database, row.Table = "a.b", "t"
	got := pipe(t, start(t, newPlugin(), settings(r, nil)), write(&row, sdk.Change{Op: sdk.Truncate}))
	target := got.messages[0].Target
	if target.Topic != "p.a.b.t" {
		t.Errorf("topic is %q", target.Topic)
	}
	if diff := cmp.Diff(&row, got.schemas[target.ValueSchema].Row); diff != "" {
		t.Errorf("row of the value (-want +got):\n%s", diff)
	}
	if key := got.schemas[target.KeySchema]; key.Row != nil {
		t.Errorf("key has the row %v", key.Row)
	}
}
