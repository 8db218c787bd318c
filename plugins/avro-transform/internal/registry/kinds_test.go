package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
)

const (
	waits      = "waited for"
	noKind     = "no kind"
	firstOfAll = 300
)

// kindOf names what becomes of an error at the first start.
func kindOf(err error) string {
	if passing(err) {
		return waits
	}
	var answer *responseError
	if errors.As(err, &answer) {
		return answer.kind().Error()
	}
	for _, kind := range []error{ErrDenied, ErrUnexpected} {
		if errors.Is(err, kind) {
			return kind.Error()
		}
	}
	return noKind
}

// TestEveryStatusHasAKind takes each answer other than success.
func TestEveryStatusHasAKind(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	var status, code int
	r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
		registrytest.Fail(w, status, code, "as the registry says")
		return true
	})
	c, _ := newTestClient(t, io.Discard, nil, r.URL)
	want := map[int]string{
		408: waits, 429: waits, 401: ErrDenied.Error(), 403: ErrDenied.Error(), 409: ErrIncompatible.Error(),
		400: ErrInvalid.Error(), 422: ErrInvalid.Error(),
	}
	for status = firstOfAll; status < 600; status++ {
		expected := want[status]
		switch {
		case status >= 500:
			expected = waits
		case expected == "":
			expected = ErrUnexpected.Error()
		}
		_, err := c.obtain(t.Context(), testSchema)
		if got := kindOf(err); got != expected {
			t.Errorf("status %d: %s, want %s: %v", status, got, expected, err)
		}
	}
	got := map[int]string{}
	for _, code = range []int{42201, 42202, 42203, 42205, 40901, 50001, 50002, 50003} {
		status = code / 100
		if status == 409 {
			code = 409
		}
		_, err := c.obtain(t.Context(), testSchema)
		got[code] = kindOf(err)
	}
	codes := map[int]string{
		42201: ErrInvalid.Error(), 42202: ErrInvalid.Error(), 42203: ErrInvalid.Error(), 42205: ErrReadOnly.Error(),
		409: ErrIncompatible.Error(), 50001: waits, 50002: waits, 50003: waits,
	}
	if diff := cmp.Diff(codes, got); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
}

// TestTransportErrors takes what comes of a connection instead of an answer.
func TestTransportErrors(t *testing.T) {
	t.Parallel()
	hangUp := func(w http.ResponseWriter, _ *http.Request) bool {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			err = conn.Close()
		}
		if err != nil {
			t.Error(err)
		}
		return true
	}
	halfAnAnswer := func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "{")
		return true
	}
	page := func(w http.ResponseWriter, _ *http.Request) bool {
		fmt.Fprint(w, "<html>")
		return true
	}
	for name, tt := range map[string]struct {
		url      string
		override func(http.ResponseWriter, *http.Request) bool
		want     string
	}{
		"nobody listens":         {url: "http://127.0.0.1:1", want: waits},
		"the name is not known":  {url: "http://registry.invalid", want: waits},
		"the connection is cut":  {override: hangUp, want: waits},
		"half an answer":         {override: halfAnAnswer, want: waits},
		"a page instead of JSON": {override: page, want: ErrUnexpected.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			r.Override(tt.override)
			url := tt.url
			if url == "" {
				url = r.URL
			}
			c, _ := newTestClient(t, io.Discard, nil, url)
			if _, err := c.obtain(context.Background(), testSchema); kindOf(err) != tt.want {
				t.Errorf("%v is %s, want %s", err, kindOf(err), tt.want)
			}
		})
	}
}
