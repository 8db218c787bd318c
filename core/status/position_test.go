package status_test

import (
	"encoding/json"
	"testing"

	"github.com/leat-io/leat/core/status"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ position, want string }{
		"a JSON object":       {`{"gtid":"a:1-7","pos":4}`, `{"gtid":"a:1-7","pos":4}`},
		"text":                {"a:1-7", `"a:1-7"`},
		"text with quotes":    {`a"b`, `"a\"b"`},
		"none":                {"", `""`},
		"a beginning of JSON": {`{"gtid"`, `"{\"gtid\""`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(status.Position(tt.position))
			if err != nil || string(got) != tt.want {
				t.Fatalf("got %s, %v, want %s", got, err, tt.want)
			}
			var back status.Position
			if err := json.Unmarshal(got, &back); err != nil || string(back) != tt.position {
				t.Errorf("got %q, %v, want %q", back, err, tt.position)
			}
		})
	}
}
