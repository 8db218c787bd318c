package rest

import (
	"testing"
)

// The examples of RFC 7396, appendix A, as far as both sides are objects.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ target, patch, want string }{
		"replace":        {`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		"add":            {`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		"delete":         {`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		"delete nested":  {`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		"lists go whole": {`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		"scalar to map":  {`{"a":"b"}`, `{"a":{"b":"c"}}`, `{"a":{"b":"c"}}`},
		"null in new":    {`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := mergePatch([]byte(tt.target), []byte(tt.patch))
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
	if _, err := mergePatch([]byte(`{}`), []byte(`[]`)); err == nil {
		t.Error("a patch that is a list was taken")
	}
}
