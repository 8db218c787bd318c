package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/core/plugin"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestWhatAPluginSaysIsAsOldAsItsTrouble(t *testing.T) {
	t.Parallel()
	before := time.Now().Add(-time.Hour)
	tests := map[string]struct {
		waits waits
		says  string
		kept  bool
	}{
		"OK":                     {waits{}, "no answer for 11s", false},
		"the same":               {waits{detail: "no answer for 11s", since: before}, "no answer for 11s", true},
		"other words":            {waits{detail: "no answer for 11s", since: before}, "no answer for 16s", true},
		"what it has failed of":  {waits{trouble: "refused", attempts: 3, since: before}, "no answer", true},
		"it is over":             {waits{detail: "no answer", since: before}, "", false},
		"anew after it was over": {waits{since: before}, "no answer", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &keeper{waits: tt.waits, process: &plugin.Process{}}
			k.setHealth(&leatv1.HealthResponse{Detail: tt.says})
			if k.waits.text() != tt.says || k.waits.since.Equal(before) != tt.kept {
				t.Errorf("%q since %v", k.waits.text(), k.waits.since)
			}
		})
	}
}

func TestUnhealthyError(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"plugin does not answer Health within 15s":                                      status.Error(codes.DeadlineExceeded, "cut"),
		"plugin does not answer Health within 15s ":                                     context.DeadlineExceeded,
		"plugin does not answer Health: rpc error: code = Unimplemented desc = no such": status.Error(codes.Unimplemented, "no such"),
	} {
		got := unhealthyError(err, 15*time.Second)
		if got.Error() != strings.TrimSpace(want) || !errors.Is(got, errUnhealthy) {
			t.Errorf("got %v", got)
		}
	}
	if err := unhealthyError(status.Error(codes.Unavailable, "gone"), time.Second); status.Code(err) != codes.Unavailable {
		t.Errorf("%v does not tell of a lost connection", err)
	}
}
