package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
)

// refuseDigits answers as registries do that read names as Avro's specification has
// them: a part must not begin with a digit.
func refuseDigits(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !bytes.Contains(body, []byte(`p.shop.t.2`)) {
		return false
	}
	registrytest.Fail(w, http.StatusUnprocessableEntity, 42201, "Invalid schema")
	return true
}

func TestNamesThatAvroForbids(t *testing.T) {
	t.Parallel()
	dotted := *items
	dotted.Table = "t.2"
	create := sdk.Change{Op: sdk.Create, Key: itemKey(1, "a"), After: item(1, "a", 5)}
	tests := map[string]struct {
		adjustment string
		override   func(http.ResponseWriter, *http.Request) bool
		namespace  string // empty for a failure
	}{
		"OK Debezium's name where the registry takes it": {"auto", nil, "p.shop.t.2"},
		"OK the strict name where it does not":           {"auto", refuseDigits, "p.shop.t._2"},
		"errInvalid where the user wants Debezium's":     {"avro", refuseDigits, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			if tt.override != nil {
				r.Override(tt.override)
			}
			transform := start(t, newPlugin(), settings(r, map[string]any{"schema_name_adjustment": tt.adjustment}))
			got := pipe(t, transform, write(&dotted, create))
			if tt.namespace == "" {
				if got.failure == nil || !strings.Contains(got.failure.GetMessage(), "schema_name_adjustment: auto") {
					t.Errorf("got %v, want a failure that names the cure", got.failure)
				}
				return
			}
			if len(got.messages) != 1 || got.failure != nil {
				t.Fatalf("got %v", got)
			}
			for _, half := range []string{"-key", "-value"} {
				texts := r.Schemas("p.shop.t.2" + half)
				if len(texts) != 1 || !strings.Contains(texts[0], `"`+tt.namespace+`"`) {
					t.Errorf("subject %s has %v, want the namespace %s", half, texts, tt.namespace)
				}
			}
		})
	}
}

// A truncation for sinks that keep rows registers nothing: Debezium's topics have
// no record of it, and so no schema.
func TestStateOnlyRegistersNothing(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	transform := start(t, newPlugin(), settings(r, nil))
	got := pipe(t, transform, write(items, sdk.Change{Op: sdk.Truncate, StateOnly: true}))
	if got.failure != nil || len(got.messages) != 1 || !got.messages[0].StateOnly || len(r.Requests()) > 0 {
		t.Fatalf("got %v, and the registry was asked %v", got, r.Requests())
	}
	got = pipe(t, transform, write(items, sdk.Change{Op: sdk.Create, Key: itemKey(1, "a"), After: item(1, "a", 5)}))
	if got.failure != nil || len(got.messages) != 1 || len(r.Requests()) != 2 {
		t.Errorf("got %v, and the registry was asked %v", got, r.Requests())
	}
}
