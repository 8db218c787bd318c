package flow

import (
	"errors"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk/frame"
)

func TestAnnouncementsAreBounded(t *testing.T) {
	t.Parallel()
	for size, most := range map[int]int{32 << 20: 7, 0: maxSchemas / (frame.HeaderSize + schemaCost)} {
		var a announcements
		f := &frame.Frame{Payload: make([]byte, size)}
		kept := 0
		err := a.keep(f)
		for ; err == nil; err = a.keep(f) {
			kept++
		}
		if kept != most || !errors.Is(err, ErrProtocol) || !strings.Contains(err.Error(), "256 MiB of schemas") {
			t.Errorf("%d schemas of %d bytes are kept, want %d: %v", kept, size, most, err)
		}
	}
}
