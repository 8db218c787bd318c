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
