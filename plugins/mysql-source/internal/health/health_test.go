package health

import (
	"errors"
	"testing"
	"time"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	refused, timeout := errors.New("connection refused"), errors.New("i/o timeout")
	tests := map[string]struct {
		steps func(h *Health, pass func(time.Duration))
		want  string
	}{
		"OK nothing was said": {func(*Health, func(time.Duration)) {}, ""},
		"OK it is over": {func(h *Health, _ func(time.Duration)) {
			h.Wait("not connected", refused)
			h.Ready()
		}, ""},
		"with a reason": {func(h *Health, pass func(time.Duration)) {
			h.Wait("not connected", refused)
			pass(192 * time.Second)
		}, "not connected for 3m12s: connection refused"},
		"without": {func(h *Health, pass func(time.Duration)) {
			h.Wait("connecting", nil)
			pass(1400 * time.Millisecond)
		}, "connecting for 1s"},
		"said again with another reason": {func(h *Health, pass func(time.Duration)) {
			h.Wait("not connected", refused)
			pass(time.Minute)
			h.Wait("not connected", timeout)
			pass(time.Minute)
		}, "not connected for 2m0s: i/o timeout"},
		"of another kind": {func(h *Health, pass func(time.Duration)) {
			h.Wait("not connected", refused)
			pass(time.Minute)
			h.Wait("it lags", nil)
			pass(time.Second)
		}, "it lags for 1s"},
		"begun anew": {func(h *Health, pass func(time.Duration)) {
			h.Wait("not connected", refused)
			pass(time.Minute)
			h.Ready()
			h.Wait("not connected", refused)
		}, "not connected for 0s: connection refused"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(1000, 0)
			h := New()
			h.now = func() time.Time { return now }
			tt.steps(h, func(d time.Duration) { now = now.Add(d) })
			got := ""
			if err := h.Err(); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestHealth_nil(t *testing.T) {
	t.Parallel()
	var h *Health
	h.Wait("not connected", nil)
	h.Ready()
	h.Note("server_id", "taken", "", time.Minute)
	if err := h.Err(); err != nil || h.Notices() != nil {
		t.Error(err)
	}
}

func TestHealth_Note(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	h := New()
	h.now = func() time.Time { return now }
	h.Note("server_id", "taken", "choose another", time.Minute)
	now = now.Add(30 * time.Second)
	h.Note("server_id", "taken again", "choose another", time.Minute)
	now = now.Add(59 * time.Second)
	got := h.Notices()
	if len(got) != 1 || got[0].Message != "taken again" || !got[0].Since.Equal(time.Unix(1000, 0)) {
		t.Errorf("got %+v, want one notice of since the first", got)
	}
	if h.Err() != nil {
		t.Error("a notice makes the source not ready")
	}
	now = now.Add(2 * time.Second)
	if got := h.Notices(); got != nil {
		t.Errorf("got %+v after its time", got)
	}
	h.Note("server_id", "taken", "choose another", time.Minute)
	if got := h.Notices(); len(got) != 1 || !got[0].Since.Equal(now) {
		t.Errorf("got %+v, want one of since now", got)
	}
}
