package main

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// TestTransformWaits lets the registry come up only once the plugin says that it
// waits for it.
func TestTransformWaits(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	var up atomic.Bool
	var upSince atomic.Int64
	r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
		if !up.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return !up.Load()
	})
	transform := start(t, newPlugin(), settings(r, nil))
	go func() {
		for {
			res, err := transform.server.Health(t.Context(), &leatv1.HealthRequest{})
			if err != nil || strings.Contains(res.GetDetail(), "waiting for the schema registry since") {
				upSince.Store(time.Now().UnixMilli())
				up.Store(true)
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	got := pipe(t, transform, write(items, sdk.Change{Op: sdk.Create, Key: itemKey(1, "a"), After: item(1, "a", 5)}))
	if len(views(t, got)) != 1 {
		t.Fatalf("got %d messages", len(got.messages))
	}
	if made := got.messages[0].Time; made < upSince.Load() {
		t.Errorf("made at %d, before the wait was over at %d", made, upSince.Load())
	}
	if res, err := transform.server.Health(t.Context(), &leatv1.HealthRequest{}); err != nil || res.GetDetail() != "" {
		t.Errorf("afterwards: %v %v", res, err)
	}
}

// TestSchemasAreRegisteredOnce sends two batches of one table, and one of a table
// that has changed in a way that its messages do not show.
func TestSchemasAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	transform := start(t, newPlugin(), settings(r, nil))
	wider := *items
	wider.Columns = append([]sdk.Column{}, items.Columns...)
	wider.Columns[1].Native.Length = 80
	create := sdk.Change{Op: sdk.Create, Key: itemKey(1, "a"), After: item(1, "a", 5)}
	for _, table := range []*sdk.RowSchema{items, items, &wider} {
		if got := pipe(t, transform, write(table, create)); got.failure != nil || len(got.messages) != 1 {
			t.Fatalf("got %v", got)
		}
	}
	want := []string{"POST /subjects/p.shop.items-key/versions", "POST /subjects/p.shop.items-value/versions"}
	if diff := cmp.Diff(want, r.Requests()); diff != "" {
		t.Error(diff)
	}
}
